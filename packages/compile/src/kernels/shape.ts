import { util } from "@tensorflow/tfjs-core";
import { sizeOf, type Value } from "../graph/graph";
import type { GraphBuilder } from "../graph/graph-builder";
import { like, reshape } from "../graph/operators";
import { type Kernel, normalizeAxes } from "./kernel";

/** Kernels that move elements without computing with them. */
export const shapeKernels: Readonly<Record<string, Kernel>> = {
  Concat: (builder, inputs, attributes) =>
    concatenate(builder, Object.values(inputs), attributes.number("axis")),
  ExpandDims: (builder, { input }, attributes) => {
    const dim = attributes.number("dim");
    const axis = dim < 0 ? dim + input.shape.length + 1 : dim;
    return reshape(builder, input, [...input.shape.slice(0, axis), 1, ...input.shape.slice(axis)]);
  },
  Pack: (builder, inputs, attributes) => {
    const values = Object.values(inputs);
    const [axis] = normalizeAxes(attributes.numbers("axis"), values[0].shape.length + 1);
    const expanded = values.map((value) =>
      reshape(builder, value, [...value.shape.slice(0, axis), 1, ...value.shape.slice(axis)]),
    );
    return concatenate(builder, expanded, axis);
  },
  PadV2: (builder, { x }, attributes) => {
    const paddings = attributes.pairs("paddings");
    const pads = [...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)];
    const shape = x.shape.map((size, axis) => size + paddings[axis][0] + paddings[axis][1]);
    const fill = like(builder, x, attributes.number("constantValue"));
    return builder.add("Pad", [x, builder.integers(pads), fill], { type: x.type, shape });
  },
  Reshape: (builder, { x }, attributes) =>
    reshape(builder, x, util.inferFromImplicitShape(attributes.numbers("shape") ?? [], sizeOf(x.shape))),
  Reverse: (builder, { x }, attributes) => {
    const axes = normalizeAxes(attributes.numbers("dims"), x.shape.length);
    const constant = (value: number) => builder.integers(axes.map(() => value));
    // From the last element to the one before the first.
    return builder.add(
      "Slice",
      [x, constant(-1), constant(Number.MIN_SAFE_INTEGER), builder.integers(axes), constant(-1)],
      x,
    );
  },
  Slice: (builder, { x }, attributes) => {
    const { begin, size } = extent(x, attributes.numbers("begin") ?? [], attributes.numbers("size") ?? []);
    const ends = begin.map((start, axis) => start + size[axis]);
    return builder.add("Slice", [x, builder.integers(begin), builder.integers(ends)], {
      type: x.type,
      shape: size,
    });
  },
  SplitV: (builder, { x }, attributes) => {
    const [axis] = normalizeAxes(attributes.numbers("axis"), x.shape.length);
    const given = attributes.numbers("numOrSizeSplits") ?? [];
    const total = x.shape[axis];
    const sizes = given.length === 1 ? Array.from({ length: given[0] }, () => total / given[0]) : given;
    const known = sizes.reduce((sum, size) => sum + Math.max(size, 0), 0);
    const lengths = sizes.map((size) => (size === -1 ? total - known : size));
    const outputs = lengths.map((length) => ({ type: x.type, shape: x.shape.with(axis, length) }));
    return builder.addMany("Split", [x, builder.integers(lengths)], outputs, { axis });
  },
  Tile: (builder, { x }, attributes) => {
    const repeats = attributes.numbers("reps") ?? [];
    const shape = x.shape.map((size, axis) => size * repeats[axis]);
    return builder.add("Tile", [x, builder.integers(repeats)], { type: x.type, shape });
  },
  Transpose: (builder, { x }, attributes) => transpose(builder, x, attributes.numbers("perm") ?? []),
  Unpack: (builder, { value }, attributes) => {
    const [axis] = normalizeAxes(attributes.numbers("axis"), value.shape.length);
    const count = value.shape[axis];
    const lengths = builder.integers(Array.from({ length: count }, () => 1));
    const outputs = Array.from({ length: count }, () => ({
      type: value.type,
      shape: value.shape.with(axis, 1),
    }));
    const shape = value.shape.filter((_, other) => other !== axis);
    return builder
      .addMany("Split", [value, lengths], outputs, { axis })
      .map((part) => reshape(builder, part, shape));
  },
};

export function transpose(builder: GraphBuilder, x: Value, perm: readonly number[]): Value {
  if (perm.every((from, to) => from === to)) return x;
  return builder.add("Transpose", [x], { type: x.type, shape: perm.map((axis) => x.shape[axis]) }, { perm });
}

/** The start and length of a slice on every axis; what is left out starts at 0, and -1 reaches to the end. */
function extent({ shape }: Value, starts: readonly number[], sizes: readonly number[]) {
  const begin = shape.map((_, axis) => starts[axis] ?? 0);
  const size = shape.map((length, axis) => {
    const given = sizes[axis] ?? -1;
    return given < 0 ? length - begin[axis] : given;
  });
  return { begin, size };
}

export function concatenate(builder: GraphBuilder, values: readonly Value[], axis: number): Value {
  const [first] = values;
  const [along] = normalizeAxes([axis], first.shape.length);
  const length = values.reduce((sum, { shape }) => sum + shape[along], 0);
  return builder.add(
    "Concat",
    values,
    { type: first.type, shape: first.shape.with(along, length) },
    { axis: along },
  );
}
