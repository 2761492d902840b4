import type { Distribution } from "@dmrec/core";

/** N(0, I), of the batch and dimension of the distribution that it is compared with. */
export interface StandardGaussian extends Distribution {
  readonly kind: "standard-gaussian";
}

/** N(0, I): the usual prior. It holds no tensors. */
export const standardGaussian: StandardGaussian = { kind: "standard-gaussian" };
