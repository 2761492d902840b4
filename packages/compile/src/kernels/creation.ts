import { elementType } from "../graph/element-types";
import { sizeOf, type Value } from "../graph/graph";
import type { GraphBuilder, ValueDescription } from "../graph/graph-builder";
import type { Kernel } from "./kernel";

/** Kernels that make tensors out of nothing but their shape. */
export const creationKernels: Readonly<Record<string, Kernel>> = {
  Fill: (builder, _inputs, attributes) => {
    const type = elementType(attributes.text("dtype"));
    return filled(builder, { type, shape: attributes.numbers("shape") ?? [] }, attributes.number("value"));
  },
  LinSpace: (builder, _inputs, attributes) => {
    const [start, stop, count] = [
      attributes.number("start"),
      attributes.number("stop"),
      attributes.number("num"),
    ];
    const step = count === 1 ? 0 : (stop - start) / (count - 1);
    return builder.constant(Float32Array.from({ length: count }, (_, index) => start + index * step));
  },
  OnesLike: (builder, { x }) => filled(builder, x, 1),
  Range: (builder, _inputs, attributes) => {
    const [start, stop, step] = [
      attributes.number("start"),
      attributes.number("stop"),
      attributes.number("step"),
    ];
    const length = Math.max(0, Math.ceil((stop - start) / step));
    const values = Array.from({ length }, (_, index) => start + index * step);
    return builder.constant(
      elementType(attributes.text("dtype")) === "int32" ? Int32Array.from(values) : Float32Array.from(values),
    );
  },
  ZerosLike: (builder, { x }) => filled(builder, x, 0),
};

/** A tensor of one number throughout. */
export function filled(builder: GraphBuilder, { type, shape }: ValueDescription, value: number): Value {
  const element =
    type === "float32"
      ? Float32Array.of(value)
      : type === "int32"
        ? Int32Array.of(value)
        : Uint8Array.of(Number(value !== 0));
  if (shape.length === 0) return builder.constant(element, []);
  if (sizeOf(shape) === 0) return builder.constant(element.slice(0, 0), shape);
  return builder.add("Expand", [builder.constant(element, []), builder.integers(shape)], { type, shape });
}
