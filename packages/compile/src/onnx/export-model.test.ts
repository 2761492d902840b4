import { DMRecError, InvalidOptionsError, UnsupportedError } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import * as ort from "onnxruntime-node";
import { beforeAll, expect, it } from "vitest";
import { exportModel, trace } from "../index";
import { encodeModel } from "./onnx-model";

beforeAll(() => tf.setBackend("cpu"));

it("makes a model for all sizes of its dimensions", async () => {
  const table = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
  const bytes = exportModel(["users", "items"], ({ users, items }) =>
    trace((recorder) => {
      const indices = recorder.input<tf.Rank.R2>("indices", [users, items], "int32");
      const weights = recorder.input<tf.Rank.R2>("weights", [users, items]);
      const rows = recorder.rowIndices(weights);
      const weighted = tf.mul(tf.gather(table, tf.reshape(indices, [-1])), tf.reshape(weights, [-1, 1]));
      const bag = tf.scatterND(tf.reshape(rows, [-1, 1]), weighted, [users, 2]);
      return { bag, rows: tf.reshape(rows, [users, items]), first: tf.slice(bag, [0, 0], [users, 1]) };
    }),
  );
  const session = await ort.InferenceSession.create(bytes);
  for (const [users, items] of [
    [1, 1],
    [2, 3],
    [5, 1],
  ]) {
    const size = users * items;
    const { bag, rows } = await session.run({
      indices: new ort.Tensor("int32", new Int32Array(size).fill(2), [users, items]),
      weights: new ort.Tensor("float32", new Float32Array(size).fill(1), [users, items]),
    });
    expect(bag.dims).toEqual([users, 2]);
    expect(Array.from(bag.data, Number)).toEqual(
      Array.from({ length: users }, () => [5 * items, 6 * items]).flat(),
    );
    expect(Array.from(rows.data, Number)).toEqual(
      Array.from({ length: size }, (_, at) => Math.floor(at / items)),
    );
  }
  await session.release();
});

it("says what depends on a size so that there is no model for all", () => {
  const unsupported = (compute: (x: tf.Tensor, users: number) => tf.Tensor) => () =>
    exportModel(["users"], ({ users }) =>
      trace((recorder) => ({ y: compute(recorder.input("x", [users]), users) })),
    );
  expect(unsupported((x, users) => tf.mul(x, users))).toThrow(DMRecError);
  expect(unsupported((x, users) => tf.mul(x, users))).toThrow(/for all sizes/);
  expect(unsupported((x, users) => tf.add(x, tf.range(0, users)))).toThrow(/a constant that grows/);
  expect(unsupported((x, users) => (users > 10 ? tf.neg(x) : tf.abs(x)))).toThrow(
    /Abs at one is Neg at another|Neg/,
  );
});

it("has up to five dimensions", async () => {
  const names = ["a", "b", "c", "d", "e"] as const;
  const bytes = exportModel(names, ({ a, b, c, d, e }) =>
    trace((recorder) => ({
      y: tf.neg(recorder.input<tf.Rank.R3>("x", [a, b, c])),
      w: tf.neg(recorder.input<tf.Rank.R2>("v", [d, e])),
    })),
  );
  const session = await ort.InferenceSession.create(bytes);
  const { w } = await session.run({
    x: new ort.Tensor("float32", new Float32Array(2), [1, 2, 1]),
    v: new ort.Tensor("float32", Float32Array.of(1, 2, 3), [3, 1]),
  });
  expect([w.dims, [...w.data]]).toEqual([
    [3, 1],
    [-1, -2, -3],
  ]);
  await session.release();
  for (const wrong of [
    [...names, "f"],
    ["a", "a"],
  ]) {
    const exporting = () => exportModel(wrong, () => trace((recorder) => ({ y: recorder.input("x", [1]) })));
    expect(exporting).toThrow(InvalidOptionsError);
    expect(exporting).toThrow(/exportModel: names: a, .*; expected at most 5 different names/);
  }
});

it("refuses weights that no file holds, before it writes them", () => {
  const value = { name: "weights", type: "float32", shape: [2 ** 29] } as const;
  // Memory that is never written to is not taken.
  const constants = new Map([[value, new Float32Array(2 ** 29)]]);
  const graph = { nodes: [], inputs: [], outputs: { weights: value }, constants, captured: new Map() };
  expect(() => encodeModel(graph)).toThrow(UnsupportedError);
  expect(() => encodeModel(graph)).toThrow(
    "the weights take 2.15 GB, and an ONNX file holds at most 2.14; expected a precision of fewer bits",
  );
});
