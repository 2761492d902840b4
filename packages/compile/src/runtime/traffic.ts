import { channel } from "node:diagnostics_channel";
import type { Feed, Fetch } from "./session";

/** The channel of Node.js on which every run publishes a {@link Traffic}, for benchmarks. */
export const trafficChannel = "dmrec.compile.run";

/** The bytes that a run moved between the host's arrays and ONNX Runtime. */
export interface Traffic {
  readonly bytesUp: number;
  readonly bytesDown: number;
}

const runs = channel(trafficChannel);

/** Publishes the bytes of a run; costs nothing while nobody listens. */
export function publishTraffic(inputs: readonly Feed[], outputs: readonly Fetch[]): void {
  if (!runs.hasSubscribers) return;
  const traffic: Traffic = { bytesUp: bytesOf(inputs), bytesDown: bytesOf(outputs) };
  runs.publish(traffic);
}

function bytesOf(tensors: readonly (Feed | Fetch)[]): number {
  return tensors.reduce((sum, tensor) => sum + ("array" in tensor ? tensor.array.byteLength : 0), 0);
}
