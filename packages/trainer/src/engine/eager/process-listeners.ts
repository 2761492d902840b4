import { AsyncLocalStorage } from "node:async_hooks";

const events = ["uncaughtException", "unhandledRejection"] as const;

type Listener = (...args: unknown[]) => void;

/**
 * Runs `start` and removes the listeners for failures of the process that it added. Those that the host program adds
 * meanwhile stay.
 *
 * The WASM backend's loader adds some that rethrow, which would change how the host program ends on an error.
 */
export async function withoutNewFailureListeners<Result>(start: () => Promise<Result>): Promise<Result> {
  /** True in calls that `start` makes, and not in those of the host program between them. */
  const isStarting = new AsyncLocalStorage<true>();
  const added: { readonly event: string; readonly listener: Listener }[] = [];
  const onNewListener = (event: string | symbol, listener: Listener) => {
    const failure = events.find((name) => name === event);
    if (failure && isStarting.getStore()) added.push({ event: failure, listener });
  };
  process.on("newListener", onNewListener);
  try {
    return await isStarting.run(true, start);
  } finally {
    process.removeListener("newListener", onNewListener);
    // Each storage that is left slows every later promise of the process.
    isStarting.disable();
    for (const { event, listener } of added) process.removeListener(event, listener);
  }
}
