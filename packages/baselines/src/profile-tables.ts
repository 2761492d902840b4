import {
  assertFiniteMatrix,
  assertShape,
  type Constant,
  type DenseMatrix,
  invalidOption,
  type ProfileEmbeddings,
  type RandomGenerator,
  type TensorsOf,
  type TrainingInteractions,
} from "@dmrec/core";
import { applyDense, type DenseLayer, denseLayer, embeddingTable } from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";
import type { GraphModelOptions } from "./light-gcn";

/** Options of the models of graphs that know users and items by their texts, too. */
export interface TextGraphModelOptions extends GraphModelOptions {
  /** Embeddings of the profiles of all users and items. A dataset without any is refused. */
  readonly profileEmbeddings: ProfileEmbeddings | undefined;
}

/** Embeddings of the texts of all users and items, as constants of a model. */
export type ProfileTables = {
  /** `[users, width]` */
  readonly users: TextTable;
  /** `[items, width]` */
  readonly items: TextTable;
};

type TextTable = Omit<Constant<readonly [number, number]>, "values"> & { readonly values: Float32Array };

/**
 * Checks that there are embeddings of every user and item, and makes constants of them.
 *
 * @throws InvalidOptionsError if there are none.
 * @throws ShapeMismatchError if they do not fit the interactions or each other.
 * @throws InvalidDataError if a number is not finite.
 */
export function profileTables(
  owner: string,
  embeddings: ProfileEmbeddings | undefined,
  { userCount, itemCount }: TrainingInteractions,
): ProfileTables {
  if (embeddings === undefined) {
    const message = "none; expected embeddings of users and items, which this data does not have";
    throw invalidOption(`${owner}.profileEmbeddings`, message);
  }
  const { users, items } = embeddings;
  assertFiniteMatrix(items, "profileEmbeddings.items", "item");
  assertFiniteMatrix(users, "profileEmbeddings.users", "user");
  const width = users.columnCount;
  assertShape("the matrix of user embeddings", [users.rowCount, width], [userCount, width]);
  assertShape("the matrix of item embeddings", [items.rowCount, items.columnCount], [itemCount, width]);
  return { users: textTable(users), items: textTable(items) };
}

/** A matrix as a constant of a model. */
export function textTable({ rowCount, columnCount, values }: DenseMatrix): TextTable {
  return { shape: [rowCount, columnCount], values, isConstant: true };
}

/** Two layers between texts and embeddings, with a leaky ReLU of slope 0.01 between them. */
export type Projection = { readonly hidden: DenseLayer; readonly output: DenseLayer };

/** The layers from `inputs` over the mean of both widths, rounded down, to `outputs` (the program of Ren et al. 2024). */
export function projection(inputs: number, outputs: number, random: RandomGenerator): Projection {
  const hidden = Math.floor((inputs + outputs) / 2);
  return { hidden: xavierUniform(inputs, hidden, random), output: xavierUniform(hidden, outputs, random) };
}

/** `[rows, outputs]` of `[rows, inputs]` */
export function project({ hidden, output }: TensorsOf<Projection>, input: tf.Tensor2D): tf.Tensor2D {
  return applyDense(output, tf.leakyRelu(applyDense(hidden, input), 0.01));
}

/** The arrays of a projection, for the regularisation. */
export function projectionArrays({ hidden, output }: TensorsOf<Projection>): readonly tf.Tensor[] {
  return [hidden.weights, hidden.bias, output.weights, output.bias];
}

/** Weights as `xavier_uniform_` of PyTorch draws them, and biases as its `nn.Linear` does. */
export function xavierUniform(inputs: number, outputs: number, random: RandomGenerator): DenseLayer {
  return { ...denseLayer(inputs, outputs, random), weights: embeddingTable(inputs, outputs, random) };
}
