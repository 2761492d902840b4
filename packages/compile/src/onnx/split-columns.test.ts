import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import type { Graph } from "../graph/graph";
import { type Recorder, trace } from "../trace/trace";
import { splitColumns } from "./split-columns";

beforeAll(() => tf.setBackend("cpu"));

const table = () =>
  tf.tensor2d(
    Array.from({ length: 30 }, (_, at) => at),
    [3, 10],
  );
const bias = () => tf.tensor1d(Array.from({ length: 10 }, (_, at) => at));

const product = (x: tf.Tensor2D) => tf.matMul<tf.Tensor2D>(x, table());

/** The values of a graph that have all 10 columns once unused ones are gone. */
function wholeValues(compute: (x: tf.Tensor2D) => tf.Tensor2D): string[] {
  const graph = trace((recorder: Recorder) => {
    const x = recorder.input<tf.Rank.R2>("x", [2, 3]);
    const [first, second] = tf.split<tf.Tensor2D>(compute(x), [6, 4], 1);
    return { first, second };
  });
  return reachable(splitColumns(graph))
    .filter(({ shape }) => shape.at(-1) === 10)
    .map(({ name }) => name);
}

/** The values that nodes make for the outputs. */
function reachable({ nodes, outputs }: Graph) {
  const needed = new Set(Object.values(outputs));
  for (const node of nodes.toReversed())
    if (node.outputs.some((value) => needed.has(value))) for (const value of node.inputs) needed.add(value);
  return nodes.flatMap((node) => node.outputs.filter((value) => needed.has(value)));
}

it("never makes a product with a constant as a whole, nor what is added or applied to it", () => {
  expect(wholeValues(product)).toEqual([]);
  expect(wholeValues((x) => tf.sigmoid(tf.add<tf.Tensor2D>(product(x), bias())))).toEqual([]);
  expect(wholeValues((x) => tf.mul(product(x), tf.sum(x, 1, true)))).toEqual([]);
});

it("splits what depends on all columns", () => {
  expect(wholeValues((x) => tf.softmax(product(x)))).not.toEqual([]);
});
