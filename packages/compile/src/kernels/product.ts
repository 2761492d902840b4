import { backend_util } from "@tensorflow/tfjs-core";
import type { Value } from "../graph/graph";
import type { GraphBuilder } from "../graph/graph-builder";
import { binary } from "../graph/operators";
import { elementwiseKernels } from "./elementwise";
import { type Kernel, KernelAttributes, type KernelInputs } from "./kernel";
import { transpose } from "./shape";
import { UnmappedKernelError } from "./unmapped-kernel-error";

/** Matrix products. */
export const productKernels: Readonly<Record<string, Kernel>> = {
  BatchMatMul: (builder, { a, b }, attributes) => matrixProduct(builder, a, b, attributes),
  _FusedMatMul: (builder, { a, b, bias, preluActivationWeights }, attributes) => {
    const product = matrixProduct(builder, a, b, attributes);
    const sum = bias ? binary(builder, "Add", product, bias) : product;
    return activate(builder, { x: sum, alpha: preluActivationWeights }, attributes);
  },
};

function matrixProduct(builder: GraphBuilder, a: Value, b: Value, attributes: KernelAttributes): Value {
  const [transposeA, transposeB] = [attributes.boolean("transposeA"), attributes.boolean("transposeB")];
  const rows = a.shape.at(transposeA ? -1 : -2) ?? 1;
  const columns = b.shape.at(transposeB ? -2 : -1) ?? 1;
  const batch = backend_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const output = { type: a.type, shape: [...batch, rows, columns] };
  if (!transposeA && !transposeB) return builder.add("MatMul", [a, b], output);
  if (a.shape.length === 2 && b.shape.length === 2) {
    // Gemm reads transposed operands in place.
    return builder.add("Gemm", [a, b], output, { transA: Number(transposeA), transB: Number(transposeB) });
  }
  const left = transposeA ? swapLastAxes(builder, a) : a;
  const right = transposeB ? swapLastAxes(builder, b) : b;
  return builder.add("MatMul", [left, right], output);
}

function swapLastAxes(builder: GraphBuilder, x: Value): Value {
  const axes = x.shape.map((_, axis) => axis);
  return transpose(builder, x, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
}

/** The activations of a fused product, by the kernels that do the same on their own. */
const activationKernels: Readonly<Record<string, string>> = {
  elu: "Elu",
  leakyrelu: "LeakyRelu",
  prelu: "Prelu",
  relu: "Relu",
  relu6: "Relu6",
  sigmoid: "Sigmoid",
};

function activate(
  builder: GraphBuilder,
  inputs: KernelInputs,
  attributes: KernelAttributes,
): Value | Value[] {
  const activation = attributes.text("activation") ?? "linear";
  if (activation === "linear") return inputs.x;
  const kernel = elementwiseKernels[activationKernels[activation]];
  if (!kernel) throw new UnmappedKernelError("_FusedMatMul", ` with the activation ${activation}`);
  const alpha = activation === "leakyrelu" ? { alpha: attributes.number("leakyreluAlpha") } : {};
  return kernel(builder, inputs, new KernelAttributes(alpha));
}
