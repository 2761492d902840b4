import { hasPage } from "@dmrec/web";
import { commandToServe } from "./command-to-serve";
import type { Print } from "./print";
import type { OpenRun } from "./run/open-run";
import { startModelService } from "./run/run-service";
import { stopSignal } from "./stop-signal";

/** The port of the page, unless the command names another. */
const usualPort = 3000;

export interface ShowPageOptions {
  /** The flag `--serve`, with or without a port. */
  readonly serve: number | boolean | undefined;
  /** The words of the command line, starting with the name of the command. */
  readonly args: readonly string[];
  readonly print: Print;
}

/**
 * Serves a page of a model on this machine until Ctrl-C, or says how to see it.
 *
 * @throws RuntimeError if the port is taken.
 */
export async function showPage(
  model: Pick<OpenRun, "model" | "data" | "encoder">,
  { serve, args, print }: ShowPageOptions,
): Promise<void> {
  const { reads, name } = model.model.recommender;
  const isServed = serve !== undefined && serve !== false;
  if (!hasPage({ reads, encoder: model.encoder?.fitted })) {
    if (isServed) print(`\n${name} has no page, because it serves only the users that it was trained on.`);
    return;
  }
  if (!isServed) {
    print(`\nTo see it recommend while you type: ${commandToServe(args, process.env.npm_lifecycle_event)}`);
    return;
  }
  const { stopped, release } = stopSignal();
  print("\nDrawing the map of the items …");
  const port = typeof serve === "number" ? serve : usualPort;
  const { service } = await startModelService({ ...model, excludeHeldOut: false, withPage: true }, { port });
  await using _service = service;
  print(`Look at it: ${service.url} (until you press Ctrl-C)`);
  await stopped;
  release();
}
