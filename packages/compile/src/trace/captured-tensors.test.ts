import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { CompiledFunction, trace } from "../index";
import { readCaptured } from "./captured-tensors";

beforeAll(() => tf.setBackend("cpu"));

const size = 5000;

const traceSum = (tensor: tf.Tensor1D) =>
  trace((recorder) => ({ y: tf.sum(tf.mul(tensor, recorder.input<tf.Rank.R0>("x", []))) }));

it("shares one array between graphs that capture tensors over it", async () => {
  const array = new Float32Array(size).fill(1);
  const graphs = [traceSum(tf.tensor1d(array)), traceSum(tf.tensor1d(array))];
  for (const { captured } of graphs) {
    const arrays = [...captured.values()].map(readCaptured);
    expect(arrays).toHaveLength(1);
    expect(arrays[0]).toBe(array);
  }

  // Nothing else has a copy either: both functions read what is written to the array.
  const functions = await Promise.all(graphs.map((graph) => CompiledFunction.create(graph)));
  array.fill(2);
  for (const compiled of functions) {
    expect((await compiled.run({ x: Float32Array.of(1) })).y[0]).toBe(2 * size);
    await compiled.release();
  }
});

it("reads a tensor once for all graphs", () => {
  const tensor = tf.tensor1d([1, 2, 3]);
  const [first, second] = [traceSum(tensor), traceSum(tensor)].map(({ captured }) => [...captured.values()]);
  expect(readCaptured(first[0])).toBe(readCaptured(second[0]));
});
