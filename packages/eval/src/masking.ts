import type { InteractionMatrix, SplitDataset } from "@dmrec/core";

/** Whose items are left out of a user's ranking: those they trained with, or those of the validation part too. */
export const maskingPolicies = ["train", "train-and-validation"] as const;
export type MaskingPolicy = (typeof maskingPolicies)[number];

/** The interactions that a policy leaves out. */
export function maskedInteractions(policy: MaskingPolicy, data: SplitDataset): readonly InteractionMatrix[] {
  return policy === "train" ? [data.train] : [data.train, data.validation];
}

/** Sets the scores of a user's items to −∞, in place. */
export function maskItems(scores: Float32Array, user: number, masks: readonly InteractionMatrix[]): void {
  for (const { offsets, items } of masks) {
    for (let entry = offsets[user]; entry < offsets[user + 1]; entry += 1)
      scores[items[entry]] = Number.NEGATIVE_INFINITY;
  }
}
