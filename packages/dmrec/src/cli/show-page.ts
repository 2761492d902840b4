import { hasPage } from "@dmrec/web";
import type { Print } from "./print";
import type { OpenRun } from "./run/open-run";
import { startModelService } from "./run/run-service";
import { stopSignal } from "./stop-signal";

/** The port of the page, unless the command names another. */
const usualPort = 3000;

/**
 * Serves a page of a model on this machine until Ctrl-C, or says how to see it.
 *
 * @param serve The flag `--serve`, with or without a port.
 * @throws RuntimeError if the port is taken.
 */
export async function showPage(
  model: Pick<OpenRun, "model" | "data" | "encoder">,
  serve: number | boolean | undefined,
  print: Print,
): Promise<void> {
  const { reads, name } = model.model.recommender;
  const isServed = serve !== undefined && serve !== false;
  if (!hasPage({ reads, encoder: model.encoder?.fitted })) {
    if (isServed) print(`\n${name} has no page, because it serves only the users that it was trained on.`);
    return;
  }
  if (!isServed) {
    print("\nTo see it recommend while you type, run the same command with --serve: npm start -- --serve");
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
