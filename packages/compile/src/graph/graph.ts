/** The element types that graphs compute with; those of fewer bits are for exported weights. */
export type ElementType = "float32" | "int32" | "int64" | "bool" | "float16" | "int8" | "uint8";

/**
 * The host's array of a value: one element of an array for each element of a tensor, row after row. An element of a
 * `Uint16Array` is the bits of a float16.
 */
export type ElementArray = Float32Array | Int32Array | BigInt64Array | Uint8Array | Uint16Array | Int8Array;

/** A tensor of a graph. Values are compared by identity. */
export interface Value {
  /** Unique within its graph. */
  readonly name: string;
  readonly type: ElementType;
  /** A size of −1 is one that each run may choose. */
  readonly shape: readonly number[];
}

/** A whole number (or a list), a `{ float }`, a text or a graph. */
export type Attribute =
  | number
  | readonly number[]
  | { readonly float: number }
  | string
  | { readonly graph: Graph };

/** One operation; `operator` is a name of the ONNX operator set, or of a composite that a pass replaces. */
export interface GraphNode {
  readonly operator: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A function of tensors as a list of operations, each after those that it needs. */
export interface Graph {
  readonly inputs: readonly Value[];
  readonly outputs: Readonly<Record<string, Value>>;
  readonly nodes: readonly GraphNode[];
  readonly constants: ReadonlyMap<Value, ElementArray>;
  /** Tensors from outside that the function closed over, by tfjs's identity of their data. */
  readonly captured: ReadonlyMap<Value, object>;
}

/** The number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, dimension) => size * dimension, 1);
}

/** The node that makes each value. */
export function producersOf({ nodes }: Graph): Map<Value, GraphNode> {
  return new Map(nodes.flatMap((node) => node.outputs.map((value) => [value, node] as const)));
}

/** The number of nodes and outputs that read each value. */
export function countUses({ nodes, outputs }: Graph): Map<Value, number> {
  const uses = new Map<Value, number>();
  for (const value of [...nodes.flatMap((node) => node.inputs), ...Object.values(outputs)])
    uses.set(value, (uses.get(value) ?? 0) + 1);
  return uses;
}

/** True for arrays of the same elements, NaN and −0 included. */
export function sameElements(a: ElementArray, b: ElementArray): boolean {
  return a.length === b.length && a.every((element, index) => Object.is(element, b[index]));
}
