import * as tf from "@tensorflow/tfjs-core";

/** Up to this exponent, a sum of millions of exponentials is finite in float32. */
const largestExponent = 70;

/**
 * log Σ_c exp(x_rc) of each row, `[rows]`.
 *
 * The gradient is the exponentials divided by their sum, one pass over them; tfjs's own takes several.
 *
 * @param values `[rows, columns]`
 * @param bound An upper bound of all values. Above 70, the maximum of each row is subtracted first, which takes more passes.
 */
export function logSumExp(values: tf.Tensor2D, bound: number): tf.Tensor1D {
  const differentiable = tf.customGrad<tf.Tensor1D>((...inputs) => {
    // The types of tfjs make one list of the inputs and of the function that saves tensors for the gradient.
    const [x, save] = inputs as [tf.Tensor2D, tf.GradSaveFunc];
    const shift = bound > largestExponent ? tf.max<tf.Tensor2D>(x, 1, true) : undefined;
    const exponentials = tf.exp(shift ? tf.sub(x, shift) : x);
    const sums = tf.sum<tf.Tensor2D>(exponentials, 1, true);
    save([exponentials, sums]);
    const gradFunc = (dy: tf.Tensor1D, [exponentials, sums]: tf.Tensor[]) =>
      tf.mul(exponentials, tf.div(tf.reshape(dy, [-1, 1]), sums));
    const logarithms = shift ? tf.add(tf.log(sums), shift) : tf.log(sums);
    return { value: tf.reshape<tf.Rank.R1>(logarithms, [-1]), gradFunc };
  });
  return differentiable(values);
}
