import * as tf from "@tensorflow/tfjs-core";

/** The number of tensors that a computation leaves behind, its result included. */
export function tensorsLeftBy(compute: () => unknown): number {
  let left = 0;
  tf.tidy(() => {
    const before = tf.memory().numTensors;
    compute();
    left = tf.memory().numTensors - before;
  });
  return left;
}
