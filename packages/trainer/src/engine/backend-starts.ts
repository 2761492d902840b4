import * as tf from "@tensorflow/tfjs-core";

/** The pending starts of tfjs backends. While one is pending, tfjs refuses to create tensors. */
const starts = new Set<Promise<boolean>>();

/** Makes a backend the current one of the process, and starts it if it has not been. False if it does not start. */
export function startBackend(tfjsName: string): Promise<boolean> {
  const start = tf.setBackend(tfjsName);
  starts.add(start);
  const forget = () => starts.delete(start);
  start.then(forget, forget);
  return start;
}

/** Calls a synchronous function that creates tensors or records a graph, as soon as no backend is starting. */
export async function betweenStarts<Result>(run: () => Result): Promise<Result> {
  await tf.ready();
  // No await between the last look and the call: another trainer would start its backend there.
  for (let start = anyStart(); start; start = anyStart()) await start;
  return run();
}

function anyStart(): Promise<unknown> | undefined {
  const [start] = starts;
  return start?.catch(() => false);
}
