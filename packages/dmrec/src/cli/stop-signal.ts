/** A promise that Ctrl-C (SIGINT) or SIGTERM resolves, for a service that runs until then. The caller calls `release` at last. */
export function stopSignal(): { readonly stopped: Promise<void>; release(): void } {
  let stop = () => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  process.on("SIGTERM", stop).on("SIGINT", stop);
  return { stopped, release: () => process.off("SIGTERM", stop).off("SIGINT", stop) };
}
