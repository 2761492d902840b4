import { RandomGenerator } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import * as ort from "onnxruntime-node";
import { beforeAll, describe, expect, it } from "vitest";
import { exportModel, type Recorder, trace } from "../../index";

beforeAll(() => tf.setBackend("cpu"));

const random = RandomGenerator.fromSeed(3);
const normal = (rows: number, columns: number) =>
  tf.tensor2d(random.fillNormal(new Float32Array(rows * columns)), [rows, columns]);

/** Functions of x `[rows, 40]` and indices `[rows]` that read a table in every way that a file can hold it. */
const readings: Readonly<
  Record<string, (x: tf.Tensor2D, indices: tf.Tensor1D, table: tf.Tensor2D) => tf.Tensor>
> = {
  "a product": (x, _, table) => tf.matMul(x, table),
  "a product with the transposed": (x, _, table) => tf.matMul(x, tf.transpose(table), false, true),
  "the rows at indices": (_, indices, table) => tf.gather(table, indices),
  "rows and a product": (x, indices, table) => tf.add(tf.matMul(x, table), tf.gather(table, indices)),
  "the columns at an index": (x, _, table) =>
    tf.add(tf.matMul(x, table), tf.slice(tf.gather(table, [2], 1), [0, 0], [1, 1])),
  "a mean": (x, _, table) => tf.add(tf.mean(table), tf.sum(x, 1)),
};

function exported(
  read: (typeof readings)[string],
  table: tf.Tensor2D,
  precision: "float32" | "float16" | "int8",
) {
  const traceAt = (recorder: Recorder, rows: number) => ({
    y: read(
      recorder.input<tf.Rank.R2>("x", [rows, 40]),
      recorder.input<tf.Rank.R1>("indices", [rows], "int32"),
      table,
    ),
  });
  return exportModel(["rows"], ({ rows }) => trace((recorder) => traceAt(recorder, rows)), { precision });
}

async function run(bytes: Uint8Array, x: Float32Array): Promise<number[]> {
  const session = await ort.InferenceSession.create(bytes);
  const rows = x.length / 40;
  const inputs: Record<string, ort.Tensor> = {
    x: new ort.Tensor("float32", x, [rows, 40]),
    indices: new ort.Tensor(
      "int32",
      Int32Array.from({ length: rows }, (_, row) => 39 - row),
      [rows],
    ),
  };
  const { y } = await session.run(Object.fromEntries(session.inputNames.map((name) => [name, inputs[name]])));
  await session.release();
  return Array.from(y.data, Number);
}

describe.each(Object.entries(readings))("%s", (_, read) => {
  it.each([
    ["float16", 0.02, 0.6],
    ["int8", 0.15, 0.4],
  ] as const)("is nearly the same from a smaller file, %s", async (precision, tolerance, size) => {
    const table = normal(40, 200);
    const x = random.fillNormal(new Float32Array(3 * 40));
    const bytes = exported(read, table, precision);
    const whole = exported(read, table, "float32");
    const [expected, actual] = [await run(whole, x), await run(bytes, x)];
    expect(actual).toHaveLength(expected.length);
    for (const [at, value] of actual.entries())
      expect(Math.abs(value - expected[at])).toBeLessThan(tolerance * (1 + Math.abs(expected[at]) / 30));
    expect(actual).not.toEqual(expected);
    expect(bytes.length).toBeLessThan(size * whole.length);
  });
});

it("rounds the weights of a product only: its other operand has 13 bits", async () => {
  // Every column is ±127 times its own scale, so 8 bits hold it exactly.
  const signs = Array.from({ length: 40 * 200 }, (_, at) => (at % 7 < 3 ? 1 : -1) * 2 ** ((at % 200) % 5));
  const table = tf.tensor2d(signs, [40, 200]);
  const x = random.fillNormal(new Float32Array(2 * 40));
  const [expected, actual] = [
    await run(exported(readings["a product"], table, "float32"), x),
    await run(exported(readings["a product"], table, "int8"), x),
  ];
  for (const [at, value] of actual.entries()) {
    const row = x.subarray(Math.floor(at / 200) * 40, (Math.floor(at / 200) + 1) * 40);
    const step = (Math.max(...row.map(Math.abs)) / 8000) * 2 ** ((at % 200) % 5);
    // 40 roundings of half a step.
    expect(Math.abs(value - expected[at])).toBeLessThan(20 * step);
  }
});

it("gives zeros for a row of zeros, and bounded numbers for extreme ones", async () => {
  const bytes = exported(readings["a product"], normal(40, 200), "int8");
  expect(new Set(await run(bytes, new Float32Array(40)))).toEqual(new Set([0]));
  for (const value of await run(bytes, new Float32Array(40).fill(1e30)))
    expect(Number.isFinite(value)).toBe(true);
});

it("keeps numbers in float32 that a narrower type cannot hold", async () => {
  const table = tf.tensor2d(new Float32Array(40 * 200).fill(1e6), [40, 200]);
  const x = new Float32Array(40).fill(1);
  expect((await run(exported(readings["a product"], table, "float16"), x))[0]).toBe(4e7);
  const infinite = tf.tensor2d(new Float32Array(40 * 200).fill(Number.NEGATIVE_INFINITY), [40, 200]);
  expect((await run(exported(readings["a product"], infinite, "int8"), x))[0]).toBe(Number.NEGATIVE_INFINITY);
});
