import type { ExportPrecision } from "@dmrec/core";
import type { ElementArray, Graph, GraphNode, Value } from "../../graph/graph";
import type { GraphBuilder } from "../../graph/graph-builder";
import { binary, cast } from "../../graph/operators";
import { rewrite } from "../../passes/rewrite";
import { greatestFloat16, toFloat16 } from "./float16";
import { integerProduct } from "./integer-product";
import { quantizeMatrix } from "./quantize";

/** Matrices with fewer numbers stay float32, as vectors do: they take no room that anyone would miss. */
const fewestNumbers = 1 << 8;

/** A graph whose large float32 constants are stored in fewer bits and widened when they are read. */
export function narrowWeights(graph: Graph, precision: ExportPrecision): Graph {
  if (precision === "float32") return graph;
  const readers = new Map<Value, GraphNode[]>();
  for (const node of graph.nodes)
    for (const value of node.inputs) readers.set(value, [...(readers.get(value) ?? []), node]);
  const narrow = precision === "float16" ? storeFloat16 : storeInt8;
  const stored = new Map<Value, Stored | undefined>();
  return rewrite(graph, "narrow_", (node, builder) => {
    const storedOf = (value: Value): Stored | undefined => {
      const values = graph.constants.get(value);
      if (!values) return undefined;
      if (!stored.has(value))
        stored.set(value, narrow(builder, { value, values, readers: readers.get(value) ?? [] }));
      return stored.get(value);
    };
    const inputs = node.inputs.map(storedOf);
    if (inputs.every((input) => input === undefined)) return undefined;
    const result = readNarrow(builder, node, inputs);
    if (result) return [result];
    const widened = inputs.map((input, index) => input?.whole(builder) ?? node.inputs[index]);
    return builder.addMany(node.operator, widened, node.outputs, node.attributes);
  });
}

/** A constant in fewer bits, by the ways to read it. */
interface Stored {
  /** All of it in float32. */
  whole(builder: GraphBuilder): Value;
  /** The float32 rows at indices. */
  rows(builder: GraphBuilder, gather: GraphNode): Value;
  /** The product with it on the right; none if it has to be widened for it. */
  product(builder: GraphBuilder, x: Value): Value | undefined;
}

/** The result of a node that need not widen all of an array. */
function readNarrow(
  builder: GraphBuilder,
  node: GraphNode,
  inputs: readonly (Stored | undefined)[],
): Value | undefined {
  if (isRowGather(node)) return inputs[0]?.rows(builder, node);
  if (isProduct(node)) return inputs[1]?.product(builder, node.inputs[0]);
  return undefined;
}

const isRowGather = ({ operator, attributes }: GraphNode) =>
  operator === "Gather" && (attributes.axis ?? 0) === 0;

const isProduct = ({ operator, inputs }: GraphNode) =>
  operator === "MatMul" && inputs.every(({ shape }) => shape.length === 2);

interface Weights {
  readonly value: Value;
  readonly values: ElementArray;
  readonly readers: readonly GraphNode[];
}

/** The numbers of an array that is worth storing otherwise: large, of float32, and none greater than the type can hold. */
function largeNumbers({ value, values }: Weights, greatest: number): Float32Array | undefined {
  const isLarge = value.shape.length > 1 && values.length >= fewestNumbers;
  if (!isLarge || !(values instanceof Float32Array)) return undefined;
  return values.every((number) => Math.abs(number) <= greatest) ? values : undefined;
}

function storeFloat16(builder: GraphBuilder, weights: Weights): Stored | undefined {
  const numbers = largeNumbers(weights, greatestFloat16);
  if (!numbers) return undefined;
  const narrow = builder.constant(toFloat16(numbers), weights.value.shape);
  return {
    whole: once((into) => cast(into, narrow, "float32")),
    rows: (into, { inputs, outputs: [{ shape }] }) =>
      cast(into, into.add("Gather", [narrow, inputs[1]], { type: "float16", shape }, { axis: 0 }), "float32"),
    product: () => undefined,
  };
}

function storeInt8(builder: GraphBuilder, weights: Weights): Stored | undefined {
  const { value, readers } = weights;
  const numbers = largeNumbers(weights, Number.MAX_VALUE);
  if (!numbers || value.shape.length !== 2) return undefined;
  const [rowCount, columnCount] = value.shape;
  // The scales of columns leave a product as factors of its columns.
  const axis = readers.some((node) => isProduct(node) && node.inputs[1] === value) ? 1 : 0;
  const matrix = quantizeMatrix(numbers, [rowCount, columnCount], axis);
  const narrow = builder.constant(matrix.values, value.shape);
  const scales = builder.constant(matrix.scales);
  return {
    whole: once((into) => into.add("DequantizeLinear", [narrow, scales], value, { axis })),
    rows(into, { inputs: [, indices], outputs: [{ shape }] }) {
      const gathered = into.add("Gather", [narrow, indices], { type: "int8", shape }, { axis: 0 });
      const rows = cast(into, gathered, "float32");
      if (axis === 1) return binary(into, "Mul", rows, scales);
      const factor = { type: "float32", shape: [...shape.slice(0, -1), 1] } as const;
      const column = into.constant(matrix.scales, [rowCount, 1]);
      return binary(into, "Mul", rows, into.add("Gather", [column, indices], factor, { axis: 0 }));
    },
    product: (into, x) => (axis === 1 ? integerProduct(into, x, { values: narrow, scales }) : undefined),
  };
}

/** Makes a value when it is first asked for. */
function once(make: (builder: GraphBuilder) => Value): (builder: GraphBuilder) => Value {
  let made: Value | undefined;
  return (builder) => {
    made ??= make(builder);
    return made;
  };
}
