import type { ElementType, Value } from "../graph/graph";
import type { GraphBuilder } from "../graph/graph-builder";
import { cast, reshape } from "../graph/operators";
import { filled } from "./creation";
import { type Kernel, type KernelAttributes, normalizeAxes } from "./kernel";

/** Kernels that make an axis shorter: sums, extremes and the like. */
export const reductionKernels: Readonly<Record<string, Kernel>> = {
  All: (builder, { x }, attributes) => ofBooleans(builder, "ReduceMin", x, attributes),
  Any: (builder, { x }, attributes) => ofBooleans(builder, "ReduceMax", x, attributes),
  ArgMax: (builder, { x }, attributes) => extremePosition(builder, "ArgMax", x, attributes),
  ArgMin: (builder, { x }, attributes) => extremePosition(builder, "ArgMin", x, attributes),
  Cumsum: (builder, { x }, attributes) => {
    const axis = builder.constant(BigInt64Array.of(BigInt(attributes.number("axis"))), []);
    const { exclusive, reverse } = {
      exclusive: attributes.boolean("exclusive"),
      reverse: attributes.boolean("reverse"),
    };
    return builder.add("CumSum", [x, axis], x, { exclusive: Number(exclusive), reverse: Number(reverse) });
  },
  Max: (builder, { x }, attributes) => reduce(builder, "ReduceMax", x, attributes),
  Mean: (builder, { x }, attributes) =>
    reduce(builder, "ReduceMean", cast(builder, x, "float32"), attributes),
  Min: (builder, { x }, attributes) => reduce(builder, "ReduceMin", x, attributes),
  Prod: (builder, { x }, attributes) => reduce(builder, "ReduceProd", x, attributes),
  Sum: (builder, { x }, attributes) =>
    sumOfRows(builder, x, attributes) ?? reduce(builder, "ReduceSum", x, attributes),
};

/** The sum of a matrix's rows, such as a bias's gradient, as a product with ones, which runs in several threads. */
function sumOfRows(builder: GraphBuilder, x: Value, attributes: KernelAttributes): Value | undefined {
  const [rows, columns] = x.shape;
  const axes = attributes.numbers("axis") ?? [];
  if (x.type !== "float32" || x.shape.length !== 2 || axes.length !== 1 || axes[0] !== 0) return undefined;
  const ones = filled(builder, { type: x.type, shape: [1, rows] }, 1);
  const sums = builder.add("MatMul", [ones, x], { type: x.type, shape: [1, columns] });
  return attributes.boolean("keepDims") ? sums : reshape(builder, sums, [columns]);
}

function reduce(builder: GraphBuilder, operator: string, x: Value, attributes: KernelAttributes): Value {
  // The maximum calls its axes otherwise than all other reductions.
  const axes = normalizeAxes(
    attributes.numbers("axis") ?? attributes.numbers("reductionIndices"),
    x.shape.length,
  );
  const keepDims = attributes.boolean("keepDims");
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const shape = keepDims ? kept : kept.filter((_, axis) => !axes.includes(axis));
  // No axes would mean all of them to ONNX.
  if (axes.length === 0) return x;
  const output = { type: x.type, shape };
  const keepdims = Number(keepDims);
  // Sums take their axes as an input since operator set 13, the others since 18.
  return operator === "ReduceSum"
    ? builder.add(operator, [x, builder.integers(axes)], output, { keepdims })
    : builder.add(operator, [x], output, { axes, keepdims });
}

function ofBooleans(builder: GraphBuilder, operator: string, x: Value, attributes: KernelAttributes): Value {
  return cast(builder, reduce(builder, operator, cast(builder, x, "int32"), attributes), "bool");
}

function extremePosition(
  builder: GraphBuilder,
  operator: string,
  x: Value,
  attributes: KernelAttributes,
): Value {
  const [axis] = normalizeAxes(attributes.numbers("axis"), x.shape.length);
  const output: { type: ElementType; shape: number[] } = {
    type: "int64",
    shape: x.shape.filter((_, other) => other !== axis),
  };
  return cast(builder, builder.add(operator, [x], output, { axis, keepdims: 0 }), "int32");
}
