import { creationKernels } from "./creation";
import { elementwiseKernels } from "./elementwise";
import { indexingKernels } from "./indexing";
import type { Kernel } from "./kernel";
import { normalizationKernels } from "./normalization";
import { productKernels } from "./product";
import { reductionKernels } from "./reduction";
import { shapeKernels } from "./shape";

/** Every tfjs kernel that has a counterpart in ONNX, by tfjs's name. */
export const kernels: Readonly<Record<string, Kernel>> = {
  ...elementwiseKernels,
  ...reductionKernels,
  ...productKernels,
  ...shapeKernels,
  ...indexingKernels,
  ...normalizationKernels,
  ...creationKernels,
};
