import { elementType } from "../graph/element-types";
import type { Attribute, Value } from "../graph/graph";
import type { GraphBuilder } from "../graph/graph-builder";
import { binary, cast, like, reshape } from "../graph/operators";
import { type Kernel, normalizeAxes } from "./kernel";
import { UnmappedKernelError } from "./unmapped-kernel-error";

/**
 * The composite that sums rows of updates, `[rows, ...]`, into rows of zeros: inputs are the updates and one index a
 * row. A pass chooses how, since ONNX Runtime's own ScatterND loses additions when its threads meet in a row. With the
 * attribute `skipNegative` rows of negative indices are left out.
 */
export const scatterAdd = "ScatterAdd";

/** The composite that gives the row of each element of a matrix, row after row, as int32 `[rows · columns]`. */
export const rowIndices = "RowIndices";

/** Kernels that read or write elements by their index. */
export const indexingKernels: Readonly<Record<string, Kernel>> = {
  GatherNd: (builder, { params, indices }) => {
    const depth = indices.shape.at(-1) ?? 0;
    const shape = [...indices.shape.slice(0, -1), ...params.shape.slice(depth)];
    return builder.add("GatherND", [params, cast(builder, indices, "int64")], { type: params.type, shape });
  },
  GatherV2: (builder, { x, indices }, attributes) => {
    if (attributes.number("batchDims") !== 0)
      throw new UnmappedKernelError("GatherV2", " with batch dimensions");
    const [axis] = normalizeAxes(attributes.numbers("axis"), x.shape.length);
    const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
    return builder.add("Gather", [x, cast(builder, indices, "int32")], { type: x.type, shape }, { axis });
  },
  OneHot: (builder, { indices }, attributes) => {
    const depth = attributes.number("depth");
    const type = elementType(attributes.text("dtype"));
    const positions = builder.constant(Int32Array.from({ length: depth }, (_, position) => position));
    const column = reshape(builder, indices, [...indices.shape, 1]);
    const hot = binary(builder, "Equal", column, positions, "bool");
    const [on, off] = [
      builder.scalar(attributes.number("onValue")),
      builder.scalar(attributes.number("offValue")),
    ];
    return cast(builder, builder.add("Where", [hot, on, off], { type: "float32", shape: hot.shape }), type);
  },
  ScatterNd: (builder, { indices, updates }, attributes) =>
    sumInto(builder, indices, updates, attributes.numbers("shape") ?? []),
  TensorScatterUpdate: (builder, { tensor, indices, updates }) =>
    builder.add("ScatterND", [tensor, cast(builder, indices, "int64"), updates], tensor),
  TopK: (builder, { x }, attributes) => {
    const k = attributes.number("k");
    const shape = [...x.shape.slice(0, -1), k];
    const [values, positions] = builder.addMany(
      "TopK",
      [x, builder.integers([k])],
      [
        { type: x.type, shape },
        { type: "int64", shape },
      ],
      { sorted: 1 },
    );
    return [values, cast(builder, positions, "int32")];
  },
  UnsortedSegmentSum: (builder, { x, segmentIds }, attributes) => {
    const count = attributes.number("numSegments");
    const shape = [count, ...x.shape.slice(segmentIds.shape.length)];
    const indices = reshape(builder, segmentIds, [...segmentIds.shape, 1]);
    // Unlike elsewhere, a row of a negative index is no mistake: it belongs to no segment.
    return sumInto(builder, indices, x, shape, { skipNegative: 1 });
  },
};

/** Sums updates into zeros of a shape, at indices `[..., depth]` of its first `depth` axes. */
function sumInto(
  builder: GraphBuilder,
  indices: Value,
  updates: Value,
  shape: readonly number[],
  attributes: Readonly<Record<string, Attribute>> = {},
): Value {
  const depth = indices.shape.at(-1) ?? 1;
  const rows = indices.shape.slice(0, -1).reduce((size, dimension) => size * dimension, 1);
  const targets = shape.slice(0, depth).reduce((size, dimension) => size * dimension, 1);
  const width = shape.slice(depth).reduce((size, dimension) => size * dimension, 1);
  const flat = flatIndices(builder, reshape(builder, indices, [rows, depth]), shape.slice(0, depth));
  const output = { type: updates.type, shape: [targets, width] };
  const summed = builder.add(
    scatterAdd,
    [reshape(builder, updates, [rows, width]), flat],
    output,
    attributes,
  );
  return reshape(builder, summed, shape);
}

/** The position in row order of each index, `[rows]`. */
function flatIndices(builder: GraphBuilder, indices: Value, shape: readonly number[]): Value {
  const [rows, depth] = indices.shape;
  if (depth === 1) return reshape(builder, indices, [rows]);
  const columns = builder.addMany(
    "Split",
    [indices, builder.integers(shape.map(() => 1))],
    shape.map(() => ({ type: indices.type, shape: [rows, 1] })),
    { axis: 1 },
  );
  const position = columns.reduce((sum, column, axis) =>
    binary(builder, "Add", binary(builder, "Mul", sum, like(builder, sum, shape[axis])), column),
  );
  return reshape(builder, position, [rows]);
}
