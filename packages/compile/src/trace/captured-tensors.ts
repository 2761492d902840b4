import * as tf from "@tensorflow/tfjs-core";
import type { ElementArray } from "../graph/graph";

/** The host's copies of captured tensors, for all graphs that capture them. */
const arrays = new WeakMap<object, ElementArray>();

/** The numbers of a tensor that a function closed over. */
export function readCaptured(dataId: object): ElementArray {
  const known = arrays.get(dataId);
  if (known) return known;
  const values = tf.engine().readSync(dataId);
  if (values instanceof Float32Array || values instanceof Int32Array || values instanceof Uint8Array) {
    arrays.set(dataId, values);
    return values;
  }
  throw new TypeError("a captured tensor holds neither numbers nor booleans");
}
