import type { Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";

/** A trained array of a model, as initial values on the host. */
export interface Parameter<Shape extends readonly number[] = readonly number[]> {
  readonly shape: Shape;
  readonly values: Float32Array;
  /** The group whose optimizer settings apply, such as `denoiser`; by default the settings for all. */
  readonly group?: string;
  /**
   * Marks a table with a row for each item, of which a training step reads only the rows of its items, as
   * `UserBatch.touched` says. A trainer may then give a step these rows only, and leave the others as they are.
   */
  readonly rows?: "items";
}

/** An array that a model reads and no optimizer changes, such as embeddings or a graph. Saved weights leave it out. */
export interface Constant<Shape extends readonly number[] = readonly number[]> {
  readonly shape: Shape;
  readonly values: Float32Array | Int32Array;
  readonly isConstant: true;
}

/** A part of a {@link ParameterTree}. */
export type ParameterNode = Parameter | Constant | readonly ParameterNode[] | ParameterTree;

/** The arrays of a model by name, nested as the model's layers are. A parameter's full name joins the names with dots. */
export interface ParameterTree {
  readonly [name: string]: ParameterNode;
}

/** A tensor with the rank of a shape. */
export type TensorOf<Shape> = Shape extends readonly [number]
  ? Tensor1D
  : Shape extends readonly [number, number]
    ? Tensor2D
    : Tensor;

/** The tensors that an engine makes of a {@link ParameterTree}: the same tree with a tensor for each array. */
export type TensorsOf<Tree> = string extends keyof Tree
  ? TensorBranch
  : Tree extends { readonly shape: infer Shape; readonly values: unknown }
    ? TensorOf<Shape>
    : { readonly [Name in keyof Tree]: TensorsOf<Tree[Name]> };

/** Tensors by name, nested. */
export interface TensorBranch {
  readonly [name: string]: TensorTree | undefined;
}

export type TensorTree = Tensor | readonly TensorTree[] | TensorBranch;
