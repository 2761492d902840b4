import { unwatchFile, watchFile } from "node:fs";
import { DMRecError } from "@dmrec/core";
import type { ModelZoo } from "../zoo/model-zoo";
import { printer, printJson } from "./print";
import { runFiles } from "./run/run-record";
import { startRunService } from "./run/run-service";
import type { ServeFlags } from "./serve-flags";
import { stopSignal } from "./stop-signal";

/** Milliseconds between two looks at the file of weights. */
const watchInterval = 1000;

/** `dmrec serve`: serves a page and answers HTTP requests by the model of a run until a signal stops it. */
export async function serve(directory: string, flags: ServeFlags, zoo: ModelZoo): Promise<void> {
  const print = printer(flags);
  const { service, reload, hasPage } = await startRunService(directory, flags, zoo, print);
  const { stopped, release } = stopSignal();
  if (flags.json) printJson({ run: directory, url: service.url, page: hasPage });
  else {
    if (hasPage) print(`Look at it: ${service.url}`);
    print(
      `${directory} answers at ${service.url}/recommend; ${service.url}/openapi.json describes how to ask.`,
    );
  }
  // One after the other: each opens the whole run.
  let last = Promise.resolve();
  const change = () => {
    last = last.then(reload).then(() => print(`${directory} answers by its new model.`), reportFailure);
  };
  process.on("SIGHUP", change);
  const { weights } = runFiles(directory);
  if (flags.watch)
    watchFile(weights, { interval: watchInterval }, (now, before) => {
      // 0: a training that started again has removed the file.
      if (now.mtimeMs !== 0 && now.mtimeMs !== before.mtimeMs) change();
    });
  await stopped;
  print("Stopping after the answers in progress.");
  unwatchFile(weights);
  process.off("SIGHUP", change);
  await last;
  await service.stop();
  release();
}

function reportFailure(error: unknown): void {
  if (!DMRecError.isInstance(error)) throw error;
  console.error(`The model stays as it was: ${error.message}`);
}
