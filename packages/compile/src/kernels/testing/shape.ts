import * as tf from "@tensorflow/tfjs-core";
import { type Samples, shaped } from "./sample";

export const shapeSamples: Samples = {
  Concat: [
    shaped(
      [
        [2, 3],
        [4, 3],
      ],
      (a, b) => tf.concat([a, b], 0),
    ),
    shaped(
      [
        [2, 3, 2],
        [2, 1, 2],
        [2, 0, 2],
      ],
      (...tensors) => tf.concat(tensors, 1),
    ),
  ],
  ExpandDims: shaped([[3, 2]], (x) => tf.expandDims(x, 1)),
  Pack: [
    shaped(
      [
        [2, 3],
        [2, 3],
      ],
      (a, b) => tf.stack([a, b], 1),
    ),
    shaped([[2], [2]], (a, b) => tf.stack([a, b], -1)),
  ],
  PadV2: shaped([[2, 3]], (x) =>
    tf.pad(
      x,
      [
        [1, 0],
        [0, 2],
      ],
      9,
    ),
  ),
  Reshape: [shaped([[3, 4]], (x) => tf.reshape(x, [2, -1])), shaped([[0, 4]], (x) => tf.reshape(x, [4, 0]))],
  Reverse: shaped([[3, 4]], (x) => tf.reverse(x, [1])),
  Slice: [shaped([[4, 5]], (x) => tf.slice(x, [1, 2], [2, -1])), shaped([[4, 5]], (x) => tf.slice(x, 2, 1))],
  SplitV: [shaped([[4, 6]], (x) => tf.split(x, 3, 1)), shaped([[4, 6]], (x) => tf.split(x, [1, 3], 0))],
  Tile: shaped([[2, 3]], (x) => tf.tile(x, [2, 2])),
  Transpose: [
    shaped([[2, 3, 4]], (x) => tf.transpose(x, [2, 0, 1])),
    shaped([[2, 3]], (x) => tf.transpose(x, [0, 1])),
  ],
  Unpack: shaped([[3, 2]], (x) => tf.unstack(x, 0)),
};
