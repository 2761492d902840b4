import type { Kernel } from "./kernel";

/** Kernels that normalise along an axis. */
export const normalizationKernels: Readonly<Record<string, Kernel>> = {
  Softmax: (builder, { logits }, attributes) =>
    builder.add("Softmax", [logits], logits, { axis: attributes.number("dim") }),
};
