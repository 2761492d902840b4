import { binary, unary } from "../graph/operators";
import type { Kernel } from "./kernel";

/** Kernels of one input whose ONNX operator does the same. */
const unaryOperators: Readonly<Record<string, string>> = {
  Abs: "Abs",
  Acos: "Acos",
  Acosh: "Acosh",
  Asin: "Asin",
  Asinh: "Asinh",
  Atan: "Atan",
  Atanh: "Atanh",
  Ceil: "Ceil",
  Cos: "Cos",
  Cosh: "Cosh",
  Elu: "Elu",
  Erf: "Erf",
  Exp: "Exp",
  Floor: "Floor",
  Log: "Log",
  LogicalNot: "Not",
  Neg: "Neg",
  Reciprocal: "Reciprocal",
  Relu: "Relu",
  Round: "Round",
  Selu: "Selu",
  Sigmoid: "Sigmoid",
  Sign: "Sign",
  Sin: "Sin",
  Sinh: "Sinh",
  Softplus: "Softplus",
  Sqrt: "Sqrt",
  Tan: "Tan",
  Tanh: "Tanh",
};

const binaryOperators: Readonly<Record<string, string>> = {
  Add: "Add",
  LogicalAnd: "And",
  LogicalOr: "Or",
  Maximum: "Max",
  Minimum: "Min",
  Multiply: "Mul",
  Pow: "Pow",
  RealDiv: "Div",
  Sub: "Sub",
};

const comparisonOperators: Readonly<Record<string, string>> = {
  Equal: "Equal",
  Greater: "Greater",
  GreaterEqual: "GreaterOrEqual",
  Less: "Less",
  LessEqual: "LessOrEqual",
};

/** Elementwise kernels whose ONNX operator does the same, with broadcasting. */
export const directKernels: Readonly<Record<string, Kernel>> = {
  ...mapped(
    unaryOperators,
    (operator) =>
      (builder, { x }) =>
        unary(builder, operator, x),
  ),
  ...mapped(
    binaryOperators,
    (operator) =>
      (builder, { a, b }) =>
        binary(builder, operator, a, b),
  ),
  ...mapped(
    comparisonOperators,
    (operator) =>
      (builder, { a, b }) =>
        binary(builder, operator, a, b, "bool"),
  ),
};

function mapped(
  operators: Readonly<Record<string, string>>,
  kernel: (operator: string) => Kernel,
): Record<string, Kernel> {
  return Object.fromEntries(Object.entries(operators).map(([name, operator]) => [name, kernel(operator)]));
}
