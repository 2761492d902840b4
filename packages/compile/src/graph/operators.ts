import { backend_util } from "@tensorflow/tfjs-core";
import { onnxTypes } from "./element-types";
import type { ElementType, Value } from "./graph";
import type { GraphBuilder } from "./graph-builder";

/** Appends an operator of one input whose result has the input's shape. */
export function unary(builder: GraphBuilder, operator: string, x: Value, type: ElementType = x.type): Value {
  return builder.add(operator, [x], { type, shape: x.shape });
}

/** Appends an operator of two inputs, with broadcasting. */
export function binary(
  builder: GraphBuilder,
  operator: string,
  a: Value,
  b: Value,
  type: ElementType = a.type,
): Value {
  return builder.add(operator, [a, b], { type, shape: broadcast(a, b) });
}

/** The same values in another type. */
export function cast(builder: GraphBuilder, x: Value, type: ElementType): Value {
  if (x.type === type) return x;
  return builder.add("Cast", [x], { type, shape: x.shape }, { to: onnxTypes[type] });
}

/** The same values in another shape. */
export function reshape(builder: GraphBuilder, x: Value, shape: readonly number[]): Value {
  if (x.shape.length === shape.length && x.shape.every((size, axis) => size === shape[axis])) return x;
  // Without the flag a 0 would mean "as before".
  const attributes = shape.includes(0) ? { allowzero: 1 } : {};
  return builder.add("Reshape", [x, builder.integers(shape)], { type: x.type, shape }, attributes);
}

/** A scalar of the type of another value. */
export function like(builder: GraphBuilder, { type }: Value, value: number): Value {
  return type === "int32" ? builder.constant(Int32Array.of(value), []) : builder.scalar(value);
}

/** The shape that two values broadcast to. */
export function broadcast(a: Value, b: Value): number[] {
  return backend_util.assertAndGetBroadcastShape([...a.shape], [...b.shape]);
}
