import { UnsupportedError } from "@dmrec/core";

/** A function uses a tfjs kernel that has no counterpart in ONNX. */
export class UnmappedKernelError extends UnsupportedError {
  readonly kernelName: string;

  constructor(kernelName: string, detail = "") {
    super(
      `the tfjs kernel ${kernelName}${detail} is not mapped to ONNX; map it in @dmrec/compile (src/kernels), write the function without it, or run it eagerly`,
    );
    this.name = "UnmappedKernelError";
    this.kernelName = kernelName;
  }

  static override isInstance(value: unknown): value is UnmappedKernelError {
    return UnsupportedError.isInstance(value) && value.name === "UnmappedKernelError";
  }
}
