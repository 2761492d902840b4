/** A run that Ctrl-C stopped, with what to say about going on. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/**
 * A signal that Ctrl-C (SIGINT) or SIGTERM aborts, once; the second one ends the process at once.
 *
 * Call `release` when the work is done.
 */
export function interruptionSignal(say: (message: string) => void): {
  readonly signal: AbortSignal;
  release(): void;
} {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    say("Stopping after the step in progress; its state is saved. Press Ctrl-C again to stop at once.");
    controller.abort();
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  return { signal: controller.signal, release: () => process.off("SIGINT", stop).off("SIGTERM", stop) };
}
