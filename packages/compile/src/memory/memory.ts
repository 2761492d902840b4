import type { Value } from "../graph/graph";
import type { DeviceTensor, Feed, Fetch, HostTensor } from "../runtime/session";

/** A float32 array with a shape. */
export interface StoredArray {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * Arrays by name that outlive runs, in the memory of what computes them: what a graph reads and gives new values, such as
 * parameters and their moments. Several functions may share it; their runs must take turns.
 */
export interface Memory {
  readonly place: "host" | "device";
  /** Says why the arrays are on the host although the graphs are computed elsewhere. */
  readonly reason?: string | undefined;
  /** Stores a copy of each array. */
  write(arrays: Readonly<Record<string, StoredArray>>): void;
  /** Copies of the present arrays with these names; names without an array are left out. */
  read(names: readonly string[]): Promise<Record<string, StoredArray>>;
  /** Adds zeros under a name that has no array yet. */
  ensure(name: string, shape: readonly number[]): void;
  has(name: string): boolean;
  /** Removes every array except those with these names. */
  keepOnly(names: readonly string[]): void;
  /** Frees all arrays. */
  release(): Promise<void>;

  /** The array called like an input of a graph, for a run. */
  feed(value: Value): Promise<Feed>;
  /** A constant that all graphs share, for their runs. */
  constant(constant: HostTensor): Promise<Feed>;
  /** The place for the next array under a name. */
  fetch(name: string, value: Value): Fetch;
  /** Makes what a run has written under these names the present arrays. */
  commit(names: readonly string[], staying: readonly DeviceTensor[]): void;
}
