/** Works on values in their order, up to `maxParallel` at a time. Begins none after the signal. */
export async function forEachConcurrently<Value>(
  values: readonly Value[],
  maxParallel: number,
  abortSignal: AbortSignal,
  work: (value: Value) => Promise<void>,
): Promise<void> {
  const remaining = values.values();
  const worker = async () => {
    // The workers share one iterator: each takes the next value.
    for (const value of remaining) {
      if (abortSignal.aborted) return;
      await work(value);
    }
  };
  await Promise.all(Array.from({ length: Math.min(maxParallel, values.length) }, worker));
}
