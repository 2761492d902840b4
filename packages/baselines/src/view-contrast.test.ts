import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { dot, mean, type Rows, unit } from "../../../testing/plain-math";
import { viewContrast } from "./view-contrast";

const [a, b, c] = [
  [1, 2],
  [-1, 0.5],
  [3, -1],
];
const [other, another] = [
  [0.3, 1],
  [1, 1],
];

/** The definition, over nodes that differ. */
function contrast(left: Rows, right: Rows, temperature: number): number {
  const [x, y] = [unit(left), unit(right)];
  return mean(
    x.map((row, index) => {
      const shares = y.map((candidate) => Math.exp(dot(row, candidate) / temperature));
      return -Math.log(shares[index] / shares.reduce((sum, share) => sum + share, 0) + 1e-5);
    }),
  );
}

const tensor = (rows: Rows) => tf.tensor2d(rows.map((row) => [...row]));

it("contrasts each node with all nodes of the other view, a repeated one once", () => {
  const isFirst = tf.tensor1d([1, 1, 0, 1]);
  for (const temperature of [0.01, 0.2, 0.7]) {
    const actual = viewContrast(
      tensor([a, b, a, c]),
      tensor([other, c, other, another]),
      isFirst,
      temperature,
    );
    expect(actual.dataSync()[0]).toBeCloseTo(contrast([a, b, c], [other, c, another], temperature), 5);
  }
});

it("falls as the nodes of one view drive apart", () => {
  const [near, far] = [
    [
      [1, 0],
      [1, 0.1],
    ],
    [
      [1, 0],
      [-1, 0],
    ],
  ].map((rows) => viewContrast(tensor(rows), tensor(rows), tf.ones([2]), 0.2).dataSync()[0]);
  expect(far).toBeLessThan(near - 0.5);
});
