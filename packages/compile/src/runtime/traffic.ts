import { channel } from "node:diagnostics_channel";
import type { Feed, Fetch } from "./session";

/** The channel of Node.js on which every run publishes a {@link Traffic}, for benchmarks. */
export const trafficChannel = "dmrec.compile.run";

/** The bytes that a run moved between the host's arrays and ONNX Runtime. */
export interface Traffic {
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** The number of outputs that went into a memory: none for runs that only compute. */
  readonly kept: number;
}

const runs = channel(trafficChannel);

/** Publishes the bytes of a run; costs nothing while no one listens. */
export function publishTraffic(
  inputs: readonly Feed[],
  outputs: readonly Fetch[],
  kept: readonly Fetch[],
): void {
  if (!runs.hasSubscribers) return;
  const bytesDown = bytesOf([...outputs, ...kept]);
  const traffic: Traffic = { bytesUp: bytesOf(inputs), bytesDown, kept: kept.length };
  runs.publish(traffic);
}

function bytesOf(tensors: readonly (Feed | Fetch)[]): number {
  return tensors.reduce((sum, tensor) => sum + ("array" in tensor ? tensor.array.byteLength : 0), 0);
}
