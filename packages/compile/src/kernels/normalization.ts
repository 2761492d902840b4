import type { Kernel } from "./kernel";

/** Kernels that normalise along an axis. */
export const normalizationKernels: Readonly<Record<string, Kernel>> = {
  LogSoftmax: (builder, { logits }, attributes) =>
    builder.add("LogSoftmax", [logits], logits, { axis: attributes.number("axis") }),
  Softmax: (builder, { logits }, attributes) =>
    builder.add("Softmax", [logits], logits, { axis: attributes.number("dim") }),
};
