import type { Tensor } from "@tensorflow/tfjs-core";
import type { Constant, Parameter, ParameterNode, ParameterTree, TensorsOf } from "./contracts/parameters";

/** A trained array with initial values. */
export function parameter<const Shape extends readonly number[]>(
  shape: Shape,
  values: Float32Array,
): Parameter<Shape> {
  return { shape, values };
}

/** The same array as a table of items, of which a training step reads some rows: see {@link Parameter.rows}. */
export function itemTable<Shape extends readonly number[]>(table: Parameter<Shape>): Parameter<Shape> {
  return { ...table, rows: "items" };
}

/** An array that is not trained. */
export function constant<const Shape extends readonly number[]>(
  shape: Shape,
  values: Float32Array | Int32Array,
): Constant<Shape> {
  return { shape, values, isConstant: true };
}

/** The same tree with all of its parameters in a group of the optimizer. */
export function inGroup<Tree extends ParameterTree>(group: string, tree: Tree): Tree {
  const grouped = mapArrays(tree, (array) => (isConstant(array) ? array : { ...array, group }));
  // The tree keeps its shape: only the groups of its parameters differ.
  return grouped as Tree;
}

/** All arrays of a tree by full name, in the order of the tree. */
export function arraysByName(tree: ParameterTree): ReadonlyMap<string, Parameter | Constant> {
  const arrays = new Map<string, Parameter | Constant>();
  mapArrays(tree, (array, name) => arrays.set(name, array));
  return arrays;
}

/** The tree with a tensor for each array, by full name. */
export function tensorsOf<Tree extends ParameterTree>(
  tree: Tree,
  tensor: (name: string) => Tensor,
): TensorsOf<Tree> {
  const tensors = mapArrays(tree, (_, name) => tensor(name));
  // The tree keeps its shape: each array becomes a tensor.
  return tensors as TensorsOf<Tree>;
}

export function isConstant(array: Parameter | Constant): array is Constant {
  return "isConstant" in array;
}

function mapArrays(
  node: ParameterNode,
  map: (array: Parameter | Constant, name: string) => unknown,
  path: readonly string[] = [],
): unknown {
  if (isArrayOfValues(node)) return map(node, path.join("."));
  if (isList(node)) return node.map((child, index) => mapArrays(child, map, [...path, String(index)]));
  const entries = Object.entries(node).map(
    ([name, child]) => [name, mapArrays(child, map, [...path, name])] as const,
  );
  return Object.fromEntries(entries);
}

function isArrayOfValues(node: ParameterNode): node is Parameter | Constant {
  return "values" in node && ArrayBuffer.isView(node.values);
}

function isList(node: ParameterNode): node is readonly ParameterNode[] {
  return Array.isArray(node);
}
