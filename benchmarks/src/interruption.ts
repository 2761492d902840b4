/** Work that Ctrl-C stopped, with what to say about going on. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/** npm and tsx pass a terminal's Ctrl-C on, which the process has had already. */
const echoMs = 500;

/**
 * Runs the command of a benchmark with a signal that Ctrl-C (SIGINT) or SIGTERM aborts; the second one ends the process
 * at once. An error ends the command with one line and exit code 1, an interruption with exit code 130.
 */
export async function runCommand(command: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  let stopped = 0;
  const stop = () => {
    if (controller.signal.aborted) {
      if (performance.now() - stopped > echoMs) process.exit(130);
      return;
    }
    stopped = performance.now();
    console.error(
      "\nStopping after the step in progress; its state is saved. Press Ctrl-C again to stop at once.",
    );
    controller.abort();
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  try {
    await command(controller.signal);
  } catch (error) {
    const interrupted = error instanceof Interrupted;
    if (interrupted) console.error(error.message);
    else console.error(error instanceof Error ? `Error: ${error.message}` : error);
    process.exitCode = interrupted ? 130 : 1;
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}
