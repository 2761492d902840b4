const events = ["uncaughtException", "unhandledRejection"] as const;

/**
 * Runs `start` and removes the listeners for failures of the process that it added.
 *
 * The WASM backend's loader adds some that rethrow, which would change how the host program ends on an error.
 */
export async function withoutNewFailureListeners<Result>(start: () => Promise<Result>): Promise<Result> {
  const before = events.map((event) => new Set(process.rawListeners(event)));
  try {
    return await start();
  } finally {
    events.forEach((event, index) => {
      for (const listener of process.rawListeners(event)) {
        if (!before[index].has(listener))
          process.removeListener(event, listener as (...args: unknown[]) => void);
      }
    });
  }
}
