import * as tf from "@tensorflow/tfjs-core";
import { ofIntegers, type Samples, shaped } from "./sample";

export const indexingSamples: Samples = {
  GatherNd: shaped([[4, 5]], (x) =>
    tf.gatherND(
      x,
      tf.tensor2d(
        [
          [0, 1],
          [3, 4],
          [3, 4],
        ],
        [3, 2],
        "int32",
      ),
    ),
  ),
  GatherV2: [
    shaped([[4, 5]], (x) => tf.gather(x, tf.tensor1d([3, 0, 3], "int32"))),
    shaped([[4, 5]], (x) =>
      tf.gather(
        x,
        tf.tensor2d(
          [
            [1, 0],
            [2, 2],
          ],
          [2, 2],
          "int32",
        ),
        1,
      ),
    ),
    shaped([[4, 5]], (x) => tf.gather(x, tf.tensor1d([], "int32"))),
  ],
  OneHot: ofIntegers(shaped([[2, 3]], (x) => tf.oneHot(x as tf.Tensor2D, 4, 5, -1), [-1, 5])),
  ScatterNd: [
    shaped([[4]], (x) => tf.scatterND(tf.tensor2d([[1], [1], [3], [0]], [4, 1], "int32"), x, [5])),
    shaped([[4, 3]], (x) => tf.scatterND(tf.tensor2d([[1], [1], [3], [0]], [4, 1], "int32"), x, [5, 3])),
    shaped([[3]], (x) =>
      tf.scatterND(
        tf.tensor2d(
          [
            [1, 0],
            [1, 0],
            [2, 1],
          ],
          [3, 2],
          "int32",
        ),
        x,
        [3, 2],
      ),
    ),
    shaped([[0, 3]], (x) => tf.scatterND(tf.tensor2d([], [0, 1], "int32"), x, [2, 3])),
  ],
  TensorScatterUpdate: shaped(
    [
      [4, 2],
      [2, 2],
    ],
    (x, updates) => tf.tensorScatterUpdate(x, tf.tensor2d([[3], [0]], [2, 1], "int32"), updates),
  ),
  TopK: shaped([[3, 8]], (x) => {
    const { values, indices } = tf.topk(x, 3);
    return [values, indices];
  }),
  UnsortedSegmentSum: shaped([[4, 2]], (x) =>
    tf.unsortedSegmentSum(x, tf.tensor1d([1, -1, 1, 0], "int32"), 3),
  ),
};
