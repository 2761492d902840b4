import * as tf from "@tensorflow/tfjs-core";

const step = 2 ** -6;

/**
 * Asserts that the gradient of Σ_b c_b f(inputs)_b with respect to every input is its central difference, within the
 * precision of float32. The c_b differ, so a gradient that mixes up rows fails.
 *
 * @throws Error naming the first input and value whose gradient differs.
 * @example
 * assertGradients((table) => embeddingBag(table, batch), [tf.randomNormal([4, 3])]);
 */
export function assertGradients(
  f: (...inputs: tf.Tensor2D[]) => tf.Tensor,
  inputs: readonly tf.Tensor2D[],
): void {
  const total = (...values: tf.Tensor[]): tf.Scalar => {
    const matrices = values.map((value) => tf.reshape<tf.Rank.R2>(value, [value.shape[0], -1]));
    const result = tf.reshape(f(...matrices), [-1]);
    return tf.sum(tf.mul(result, tf.add(tf.range(0, result.size), 0.5)));
  };
  tf.tidy(() => {
    const gradients = tf.grads(total)([...inputs]);
    for (const [position, input] of inputs.entries()) {
      const values = input.dataSync();
      const gradient = gradients[position].dataSync();
      for (const index of values.keys()) {
        const at = (offset: number) => {
          const moved = Float32Array.from(values);
          moved[index] += offset;
          const replaced = inputs.map((other, which) =>
            which === position ? tf.tensor2d(moved, input.shape) : other,
          );
          return total(...replaced).dataSync()[0];
        };
        const difference = (at(step) - at(-step)) / (2 * step);
        const isClose = Math.abs(gradient[index] - difference) < 1e-2 * Math.max(1, Math.abs(difference));
        if (!isClose)
          throw new Error(
            `the gradient of input ${position}, value ${index} is ${gradient[index]}; its finite difference is ${difference}`,
          );
      }
    }
  });
}
