import * as tf from "@tensorflow/tfjs-core";
import { expect } from "vitest";

const step = 2 ** -6;

/**
 * Expects the gradient of Σ_b c_b f(inputs)_b with respect to every input to be its central difference, within what
 * float32 allows. The c_b differ, so that a gradient which mixes up rows fails.
 */
export function expectGradientsOfFiniteDifferences(
  f: (...inputs: tf.Tensor2D[]) => tf.Tensor,
  inputs: readonly tf.Tensor2D[],
): void {
  const total = (...values: tf.Tensor[]): tf.Scalar => {
    const result = tf.reshape(
      f(...values.map((value) => tf.reshape<tf.Rank.R2>(value, [value.shape[0], -1]))),
      [-1],
    );
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
        const tolerance = 1e-2 * Math.max(1, Math.abs(difference));
        expect(Math.abs(gradient[index] - difference), `input ${position}, value ${index}`).toBeLessThan(
          tolerance,
        );
      }
    }
  });
}
