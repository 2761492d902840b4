import { elementType } from "../graph/element-types";
import { binary, broadcast, cast, like, unary } from "../graph/operators";
import { directKernels } from "./direct";
import type { Kernel } from "./kernel";

/** Kernels that work element by element, with broadcasting. */
export const elementwiseKernels: Readonly<Record<string, Kernel>> = {
  ...directKernels,

  AddN: (builder, inputs) => Object.values(inputs).reduce((sum, value) => binary(builder, "Add", sum, value)),
  Cast: (builder, { x }, attributes) =>
    cast(
      builder,
      x,
      attributes.text("dtype") === "complex64" ? "float32" : elementType(attributes.text("dtype")),
    ),
  ClipByValue: (builder, { x }, attributes) =>
    builder.add(
      "Clip",
      [
        x,
        like(builder, x, attributes.number("clipValueMin")),
        like(builder, x, attributes.number("clipValueMax")),
      ],
      x,
    ),
  EluGrad: (builder, { dy, y }) => {
    const negative = binary(builder, "Mul", dy, binary(builder, "Add", y, builder.scalar(1)));
    const positive = binary(builder, "GreaterOrEqual", y, builder.scalar(0), "bool");
    return builder.add("Where", [positive, dy, negative], dy);
  },
  // e^x − 1 = tanh(x / 2) (e^x + 1) keeps the digits of a small x, where e^x − 1 cancels.
  Expm1: (builder, { x }) => {
    const half = unary(builder, "Tanh", binary(builder, "Mul", x, builder.scalar(0.5)));
    return binary(builder, "Mul", half, binary(builder, "Add", unary(builder, "Exp", x), builder.scalar(1)));
  },
  FloorDiv: (builder, { a, b }) => {
    if (a.type === "float32") return unary(builder, "Floor", binary(builder, "Div", a, b));
    // Whole numbers divide towards 0; the quotient of numbers of different signs that leave a rest is one less.
    const quotient = binary(builder, "Div", a, b);
    const rest = binary(builder, "Sub", a, binary(builder, "Mul", quotient, b));
    const below = binary(builder, "Less", binary(builder, "Mul", rest, b), like(builder, rest, 0), "bool");
    return binary(builder, "Sub", quotient, cast(builder, below, a.type));
  },
  Identity: (_builder, { x }) => x,
  IsFinite: (builder, { x }) => {
    const infinite = unary(builder, "IsInf", x, "bool");
    const unusable = binary(builder, "Or", infinite, unary(builder, "IsNaN", x, "bool"));
    return unary(builder, "Not", unusable);
  },
  IsInf: (builder, { x }) => unary(builder, "IsInf", x, "bool"),
  IsNan: (builder, { x }) => unary(builder, "IsNaN", x, "bool"),
  LeakyRelu: (builder, { x }, attributes) =>
    builder.add("LeakyRelu", [x], x, { alpha: { float: attributes.number("alpha") } }),
  // log (1 + x) = 2 artanh (x / (2 + x)) keeps the digits of a small x; a large one has none to lose.
  Log1p: (builder, { x }) => {
    const ratio = binary(builder, "Div", x, binary(builder, "Add", x, builder.scalar(2)));
    const ofSmall = binary(builder, "Mul", unary(builder, "Atanh", ratio), builder.scalar(2));
    const ofLarge = unary(builder, "Log", binary(builder, "Add", x, builder.scalar(1)));
    const small = binary(builder, "Less", unary(builder, "Abs", x), builder.scalar(0.5), "bool");
    return builder.add("Where", [small, ofSmall, ofLarge], x);
  },
  // ONNX's remainder has the sign of the dividend, that of tfjs the sign of the divisor.
  Mod: (builder, { a, b }) => {
    const remainder = builder.add("Mod", [a, b], { type: a.type, shape: broadcast(a, b) }, { fmod: 1 });
    const other = binary(builder, "Less", binary(builder, "Mul", remainder, b), like(builder, a, 0), "bool");
    return builder.add("Where", [other, binary(builder, "Add", remainder, b), remainder], remainder);
  },
  NotEqual: (builder, { a, b }) => unary(builder, "Not", binary(builder, "Equal", a, b, "bool")),
  Prelu: (builder, { x, alpha }) => {
    const scaled = binary(builder, "Mul", x, alpha);
    const negative = binary(builder, "Less", x, like(builder, x, 0), "bool");
    return builder.add("Where", [negative, scaled, x], scaled);
  },
  Relu6: (builder, { x }) => builder.add("Clip", [x, like(builder, x, 0), like(builder, x, 6)], x),
  Rsqrt: (builder, { x }) => unary(builder, "Reciprocal", unary(builder, "Sqrt", x)),
  Select: (builder, { condition, t, e }) => builder.add("Where", [condition, t, e], t),
  Square: (builder, { x }) => binary(builder, "Mul", x, x),
  SquaredDifference: (builder, { a, b }) => {
    const difference = binary(builder, "Sub", a, b);
    return binary(builder, "Mul", difference, difference);
  },
  Step: (builder, { x }, attributes) => {
    const positive = binary(builder, "Greater", x, like(builder, x, 0), "bool");
    const stepped = builder.add(
      "Where",
      [positive, like(builder, x, 1), like(builder, x, attributes.number("alpha"))],
      x,
    );
    const unusable = x.type === "float32" ? unary(builder, "IsNaN", x, "bool") : undefined;
    return unusable ? builder.add("Where", [unusable, x, stepped], x) : stepped;
  },
};
