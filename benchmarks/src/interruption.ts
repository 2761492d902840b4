/** Work that Ctrl-C stopped. The message explains how to continue it. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/** npm and tsx forward a terminal's Ctrl-C, which the process has already received. */
const echoMs = 500;

/**
 * Runs the command of a benchmark with a signal that Ctrl-C (SIGINT) or SIGTERM aborts. Another one, half a second later or more,
 * ends the process immediately. An error ends the command with one line and exit code 1, an interruption with exit code 130.
 */
export async function runCommand(command: (abortSignal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  let stopped = 0;
  const stop = () => {
    if (controller.signal.aborted) {
      if (performance.now() - stopped > echoMs) process.exit(130);
      return;
    }
    stopped = performance.now();
    console.error(
      "\nStopping after the step in progress; its state is saved. Press Ctrl-C again to stop immediately.",
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
