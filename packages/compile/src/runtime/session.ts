import type { Tensor } from "onnxruntime-common";
import type { ElementArray, Value } from "../graph/graph";

/** Runs a model; all of its inputs and outputs have fixed shapes. */
export interface Session {
  /** The runner, for reports. */
  readonly runner: "native" | "binding";
  /** Reads inputs, writes outputs into the arrays given, and returns those that stay on the device. */
  run(inputs: readonly Feed[], outputs: readonly Fetch[]): Promise<readonly DeviceTensor[]>;
  release(): Promise<void>;
}

/** A value and the host's array of it. */
export interface HostTensor {
  readonly value: Value;
  readonly array: ElementArray;
}

/** A value that is in the memory of the device that computes. */
export interface DeviceTensor {
  readonly value: Value;
  readonly tensor: Tensor;
}

/** An input of a run. */
export type Feed = HostTensor | DeviceTensor;

/** An output of a run: the array that it goes into, or none if it stays on the device. */
export type Fetch = HostTensor | { readonly value: Value };
