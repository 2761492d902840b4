/** Works on values, so many at a time, in their order; begins none after the signal. */
export async function forEachConcurrently<Value>(
  values: readonly Value[],
  concurrency: number,
  signal: AbortSignal,
  work: (value: Value) => Promise<void>,
): Promise<void> {
  const remaining = values.values();
  const worker = async () => {
    // The workers share one iterator: each takes the next value that no other has.
    for (const value of remaining) {
      if (signal.aborted) return;
      await work(value);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, values.length) }, worker));
}
