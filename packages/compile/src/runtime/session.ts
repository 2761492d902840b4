import type { ElementArray, Value } from "../graph/graph";

/** Runs a model; all of its inputs and outputs have fixed shapes. */
export interface Session {
  /** The runner, for reports. */
  readonly runner: "native" | "binding";
  /** Reads inputs and writes outputs in the arrays given. */
  run(inputs: readonly HostTensor[], outputs: readonly HostTensor[]): Promise<void>;
  release(): Promise<void>;
}

/** A value and the host's array of it. */
export interface HostTensor {
  readonly value: Value;
  readonly array: ElementArray;
}
