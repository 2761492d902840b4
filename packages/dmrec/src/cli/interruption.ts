/** A run that Ctrl-C stopped. The message explains how to continue it. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/** Milliseconds in which a second signal is the first one again: programs that start this one, such as npm and timeout, forward it. */
const echoMs = 500;

/**
 * A signal that Ctrl-C (SIGINT) or SIGTERM aborts. Another one, half a second later or more, ends the process immediately.
 *
 * The caller calls `release` when the work is done.
 */
export function interruptionSignal(announce: (message: string) => void): {
  readonly abortSignal: AbortSignal;
  release(): void;
} {
  const controller = new AbortController();
  let stopped = 0;
  const stop = () => {
    if (controller.signal.aborted) {
      if (performance.now() - stopped > echoMs) process.exit(130);
      return;
    }
    stopped = performance.now();
    announce(
      "Stopping after the step in progress; its state is saved. Press Ctrl-C again to stop immediately.",
    );
    controller.abort();
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  return { abortSignal: controller.signal, release: () => process.off("SIGINT", stop).off("SIGTERM", stop) };
}
