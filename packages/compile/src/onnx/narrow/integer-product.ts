import type { Value } from "../../graph/graph";
import type { GraphBuilder } from "../../graph/graph-builder";
import { binary, cast, unary } from "../../graph/operators";

/** A quantized matrix as constants of a graph. */
export interface QuantizedValue {
  /** int8 `[inner, columns]` */
  readonly values: Value;
  /** float32 `[columns]` */
  readonly scales: Value;
}

/** The numbers of x are cut into two digits to this base: 63 · 126 + 63 is just above `steps`. */
const base = 126;

/** The number that the greatest of a row of x becomes. */
const steps = 8000;

/** The shift of the digits, from ±63 to 1 to 127. */
const digitOffset = 64;

/**
 * x · W of a quantized W, `[rows, columns]`, in integers.
 *
 * Each row of x is scaled to ±8000 and becomes two digits to the base 126. Both digits multiply W in one product, which reads
 * W once: W's rounding is the only one that matters, and one row costs what reading W costs. Digits of 7 bits and no sign
 * keep clear of the 16-bit sums that processors without VNNI, and browsers, cut off.
 */
export function integerProduct(builder: GraphBuilder, x: Value, { values, scales }: QuantizedValue): Value {
  const [rows] = x.shape;
  const column = { type: "float32", shape: [rows, 1] } as const;
  const greatest = builder.add("ReduceMax", [unary(builder, "Abs", x)], column, { axes: [1], keepdims: 1 });
  // A row of zeros has no scale.
  const unit = binary(
    builder,
    "Div",
    binary(builder, "Max", greatest, builder.scalar(2 ** -100)),
    builder.scalar(steps),
  );
  const whole = binary(builder, "Div", x, unit);
  const high = unary(builder, "Round", binary(builder, "Div", whole, builder.scalar(base)));
  const low = unary(
    builder,
    "Round",
    binary(builder, "Sub", whole, binary(builder, "Mul", high, builder.scalar(base))),
  );
  const stacked = [high, low].map((digit) =>
    builder.add("Unsqueeze", [digit, builder.integers([0])], { type: "float32", shape: [1, ...x.shape] }),
  );
  const digits = builder.add("Concat", stacked, { type: "float32", shape: [2, ...x.shape] }, { axis: 0 });
  const shifted = cast(builder, binary(builder, "Add", digits, builder.scalar(digitOffset)), "uint8");
  const offset = builder.constant(Uint8Array.of(digitOffset), [], "uint8");
  const products = builder.add("MatMulInteger", [shifted, values, offset], {
    type: "int32",
    shape: [2, rows, values.shape[1]],
  });
  const digit = { type: "float32", shape: [1, rows, values.shape[1]] } as const;
  // A sum over the axis of digits would take ten times as long.
  const [highs, lows] = builder.addMany(
    "Split",
    [cast(builder, products, "float32"), builder.integers([1, 1])],
    [digit, digit],
    { axis: 0 },
  );
  const sum = builder.add(
    "Squeeze",
    [
      binary(builder, "Add", binary(builder, "Mul", highs, builder.scalar(base)), lows),
      builder.integers([0]),
    ],
    { type: "float32", shape: digit.shape.slice(1) },
  );
  return binary(builder, "Mul", binary(builder, "Mul", sum, scales), unit);
}
