/** A run that Ctrl-C stopped. The message explains how to continue it. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/**
 * A signal that Ctrl-C (SIGINT) or SIGTERM aborts. A second one ends the process immediately.
 *
 * The caller calls `release` when the work is done.
 */
export function interruptionSignal(announce: (message: string) => void): {
  readonly abortSignal: AbortSignal;
  release(): void;
} {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    announce(
      "Stopping after the step in progress; its state is saved. Press Ctrl-C again to stop immediately.",
    );
    controller.abort();
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  return { abortSignal: controller.signal, release: () => process.off("SIGINT", stop).off("SIGTERM", stop) };
}
