import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { createMemory } from "@dmrec/compile";
import {
  arraysByName,
  type DenseMatrix,
  isConstant,
  type Parameter,
  type Recommender,
  type TrainingInteractions,
  type UserRows,
} from "@dmrec/core";
import { asTrainingSplit, interactionMatrix } from "@dmrec/data";
import * as tf from "@tensorflow/tfjs-core";
import { expect } from "vitest";
import type { NamedArrays } from "../artifacts/safetensors";
import { type BackendName, backendNames, loadBackend } from "../engine/eager/tensor-backend";
import { compiled, type EngineChoice, eager } from "../engine/engine-choice";

export type Matrix = readonly (readonly number[])[];

/** The reference's parameters by its own names; weights are `[out, in]`. */
export type ReferenceParameters = Readonly<Record<string, Matrix | readonly number[]>>;

/** The reference's layers by this project's names. */
export type LayerNames = Readonly<Record<string, string>>;

/** An engine to test, by the name of what runs it. */
export interface NamedEngine {
  readonly name: string;
  readonly choice: EngineChoice;
}

export function goldenPath(name: string): string {
  return resolve(process.env.DMREC_GOLDEN_DIR ?? "../shared/golden", name);
}

/** A file of golden values, if it is there. */
export function readGolden<Content>(name: string): Content | undefined {
  const file = goldenPath(name);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

/** The compiled engine, and the eager one on every backend that is installed. */
export async function presentEngines(): Promise<NamedEngine[]> {
  const engines: NamedEngine[] = [{ name: "compiled", choice: compiled() }];
  const present = async (backend: BackendName) => {
    if (backend === "auto") return;
    await loadBackend(backend).then(
      () => engines.push({ name: `eager on ${backend}`, choice: eager({ backend }) }),
      () => undefined,
    );
  };
  for (const backend of backendNames) await present(backend);
  return engines;
}

/** True if WebGPU leaves arrays on a card, or on one that a program imitates. */
export async function hasWebGpu(): Promise<boolean> {
  const memory = await createMemory({ executionProvider: "webgpu" });
  await memory.release();
  return memory.place === "device";
}

export function multiHotRows(x: Matrix, itemCount: number): UserRows {
  const pairs = x.flatMap((row, user) => row.flatMap((value, item) => (value > 0 ? [[user, item]] : [])));
  return {
    itemCount,
    rowCount: x.length,
    users: Int32Array.from(x.keys()),
    rows: Int32Array.from(pairs, ([user]) => user),
    items: Int32Array.from(pairs, ([, item]) => item),
    weights: new Float32Array(pairs.length).fill(1),
  };
}

export function multiHotInteractions(x: Matrix, itemCount: number): TrainingInteractions {
  const { rows: users, items } = multiHotRows(x, itemCount);
  return asTrainingSplit(interactionMatrix({ userCount: x.length, itemCount, users, items }));
}

export function dense(matrix: Matrix): DenseMatrix {
  return { rowCount: matrix.length, columnCount: matrix[0].length, values: Float32Array.from(matrix.flat()) };
}

/** A number that the note of a golden file names, such as the 0.05 of "lambda 0.05". */
export function notedNumber(note: string, name: string, otherwise: number): number {
  const [, digits] = new RegExp(`\\b${name} (\\d+(?:\\.\\d+)?(?:e-?\\d+)?)`).exec(note) ?? [];
  return digits === undefined ? otherwise : Number(digits);
}

/** The width of a reference's layer. */
export function layerWidth(parameters: ReferenceParameters, layer: string): number {
  return parameters[`${layer}.bias`].length;
}

/** The reference's numbers for a variable of this project, in this project's layout. */
export function referenceTensor(
  parameters: ReferenceParameters,
  name: string,
  layerNames: LayerNames,
): tf.Tensor {
  const layer = name.slice(0, name.lastIndexOf("."));
  const isWeights = name.endsWith(".weights");
  const values = tf.tensor(
    parameters[`${layerNames[layer]}.${isWeights ? "weight" : "bias"}`] as number[][] | number[],
  );
  return isWeights ? tf.transpose(values) : values;
}

/** The same model with other initial parameters, by full name. */
export function withParameters<Model extends Recommender>(
  model: Model,
  valuesOf: (name: string, array: Parameter) => Float32Array,
): Model {
  for (const [name, array] of arraysByName(model.parameters)) {
    if (isConstant(array)) continue;
    const values = valuesOf(name, array);
    expect(values.length, `numbers of ${name}`).toBe(array.values.length);
    array.values.set(values);
  }
  return model;
}

/** The values of a tensor, which is disposed of. */
export function takeValues(tensor: tf.Tensor): Float32Array {
  const values = tensor.dataSync<"float32">();
  tensor.dispose();
  return Float32Array.from(values);
}

export function expectRelative(actual: number, expected: number, bound: number, what: string): void {
  const error = Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
  expect(error, `${what}: ${actual} instead of ${expected}`).toBeLessThan(bound);
}

/** Compares scores of all items for all users, if the reference has one. */
export function expectScores(actual: Float32Array, expected: readonly (readonly (number | null)[])[]): void {
  expected.forEach((row, user) => {
    row.forEach((score, item) => {
      if (score === null) return;
      const own = actual[user * row.length + item];
      expectRelative(own, score, 1e-4, `score of item ${item} for user ${user}`);
    });
  });
}

export function expectClose(
  actual: NamedArrays[string],
  expected: tf.Tensor,
  bound: number,
  what: string,
): void {
  expect(actual.shape, what).toEqual(expected.shape);
  expected.dataSync().forEach((reference, index) => {
    expectRelative(actual.values[index], reference, bound, `${what}, entry ${index}`);
  });
  expected.dispose();
}
