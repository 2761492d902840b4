import { CompiledFunction, type SessionOptions, trace } from "@dmrec/compile";
import type { MatrixProduct } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { betweenStarts } from "../backend-starts";

/** Lends a product that ONNX Runtime computes, with a graph for each combination of sizes. */
export async function withCompiledProduct<Result>(
  runtime: SessionOptions,
  compute: (product: MatrixProduct) => Promise<Result>,
): Promise<Result> {
  const functions = new Map<string, Promise<CompiledFunction>>();
  const functionFor = (rows: number, columns: number, inner: number) => {
    const key = [rows, columns, inner].join(" × ");
    const known = functions.get(key) ?? compileProduct(runtime, rows, columns, inner);
    functions.set(key, known);
    return known;
  };
  try {
    return await compute(async (a, b) => {
      const compiled = await functionFor(a.rowCount, b.rowCount, a.columnCount);
      const values = new Float32Array(a.rowCount * b.rowCount);
      await compiled.run({ a: a.values, b: b.values }, { product: values });
      return { rowCount: a.rowCount, columnCount: b.rowCount, values };
    });
  } finally {
    for (const compiled of await Promise.all(functions.values())) await compiled.release();
  }
}

async function compileProduct(
  runtime: SessionOptions,
  rows: number,
  columns: number,
  inner: number,
): Promise<CompiledFunction> {
  const graph = await betweenStarts(() =>
    trace((recorder) => {
      const a = recorder.input<tf.Rank.R2>("a", [rows, inner]);
      const b = recorder.input<tf.Rank.R2>("b", [columns, inner]);
      return { product: tf.matMul(a, b, false, true) };
    }),
  );
  return CompiledFunction.create(graph, runtime);
}
