import { DMRecError } from "@dmrec/core";

/** A function uses a tfjs kernel that has no counterpart here. */
export class UnmappedKernelError extends DMRecError {
  readonly kernelName: string;

  constructor(kernelName: string, detail = "") {
    super(
      "unsupported",
      `the tfjs kernel ${kernelName}${detail} is not mapped to ONNX; map it in @dmrec/compile (src/kernels), write the function without it, or run it eagerly`,
    );
    this.name = "UnmappedKernelError";
    this.kernelName = kernelName;
  }
}
