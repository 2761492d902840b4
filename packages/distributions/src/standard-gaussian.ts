import type { Distribution } from "@dmrec/core";

/** N(0, I), of whatever batch and dimension the distribution it is compared with has. */
export interface StandardGaussian extends Distribution {
  readonly kind: "standard-gaussian";
}

/** N(0, I): the usual prior. It holds no tensors. */
export const standardGaussian: StandardGaussian = { kind: "standard-gaussian" };
