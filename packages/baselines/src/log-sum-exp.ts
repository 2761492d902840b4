import * as tf from "@tensorflow/tfjs-core";

/**
 * log Σ_c exp(x_rc) of each row, `[rows]`, of numbers below 80, whose exponentials are finite.
 *
 * The gradient is the exponentials divided by their sum, one pass over them; tfjs's own takes several.
 *
 * @param values `[rows, columns]`
 */
export function logSumExp(values: tf.Tensor2D): tf.Tensor1D {
  const differentiable = tf.customGrad<tf.Tensor1D>((...inputs) => {
    // The types of tfjs make one list of the inputs and of the function that saves tensors for the gradient.
    const [x, save] = inputs as [tf.Tensor2D, tf.GradSaveFunc];
    const exponentials = tf.exp(x);
    const sums = tf.sum<tf.Tensor2D>(exponentials, 1, true);
    save([exponentials, sums]);
    const gradFunc = (dy: tf.Tensor1D, [exponentials, sums]: tf.Tensor[]) =>
      tf.mul(exponentials, tf.div(tf.reshape(dy, [-1, 1]), sums));
    return { value: tf.reshape<tf.Rank.R1>(tf.log(sums), [-1]), gradFunc };
  });
  return differentiable(values);
}
