import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { CompiledFunction, trace } from "../../index";
import { lower } from "../index";

beforeAll(() => tf.setBackend("cpu"));

const operatorsOf = (graph: Parameters<typeof lower>[0]) =>
  lower(graph, { inBlocks: true }).graph.nodes.map(({ operator }) => operator);

describe("chains of elementwise operations over large arrays", () => {
  const shape: [number, number] = [1024, 1200];
  const size = shape[0] * shape[1];

  it("run in blocks, with the same result", async () => {
    const graph = trace((recorder) => {
      const a = recorder.input<tf.Rank.R2>("a", shape);
      const b = recorder.input<tf.Rank.R2>("b", shape);
      const rate = recorder.input<tf.Rank.R0>("rate", []);
      const mean = tf.add(tf.mul(a, 0.9), b);
      return { mean, next: tf.sub(a, tf.mul(rate, tf.div(mean, tf.add(tf.sqrt(tf.square(b)), 1)))) };
    });
    expect(operatorsOf(graph).filter((operator) => operator !== "Reshape")).toEqual(["Scan"]);
    const compiled = await CompiledFunction.create(graph);
    const a = Float32Array.from({ length: size }, (_, index) => (index % 13) - 6);
    const b = Float32Array.from({ length: size }, (_, index) => (index % 7) - 3);
    const { mean, next } = await compiled.run({ a, b, rate: Float32Array.of(0.5) });
    await compiled.release();
    for (let index = 0; index < size; index += 997) {
      const expected = a[index] * 0.9 + b[index];
      expect(mean[index]).toBeCloseTo(expected, 4);
      expect(next[index]).toBeCloseTo(a[index] - (0.5 * expected) / (Math.abs(b[index]) + 1), 4);
    }
  });

  it("have results that something else reads before they end", async () => {
    const graph = trace((recorder) => {
      const product = tf.mul(recorder.input<tf.Rank.R2>("a", shape), recorder.input<tf.Rank.R2>("b", shape));
      return { sums: tf.sum(product, 1), exponentials: tf.exp(product) };
    });
    const compiled = await CompiledFunction.create(graph);
    const { sums, exponentials } = await compiled.run({
      a: new Float32Array(size).fill(0.5),
      b: new Float32Array(size).fill(2),
    });
    await compiled.release();
    expect(sums[7]).toBeCloseTo(shape[1], 3);
    expect(exponentials[7]).toBeCloseTo(Math.E, 5);
  });

  it("stay as they are where something in between needs all of an array", () => {
    const graph = trace((recorder) => {
      const a = tf.exp(recorder.input<tf.Rank.R2>("a", shape));
      return { share: tf.div(a, tf.sum(a)) };
    });
    expect(operatorsOf(graph)).not.toContain("Scan");
  });
});
