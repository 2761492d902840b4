import type { InteractionMatrix, SplitDataset } from "@dmrec/core";

/** The choices of parts whose items are left out of a user's ranking. */
export const seenPolicies = ["train", "train-and-validation"] as const;
export type SeenPolicy = (typeof seenPolicies)[number];

/** The interactions that a policy leaves out of rankings. */
export function seenInteractions(policy: SeenPolicy, data: SplitDataset): readonly InteractionMatrix[] {
  return policy === "train" ? [data.train] : [data.train, data.validation];
}

/** Sets the scores of a user's seen items to −∞, in place. */
export function maskItems(scores: Float32Array, user: number, parts: readonly InteractionMatrix[]): void {
  for (const { offsets, items } of parts) {
    for (let entry = offsets[user]; entry < offsets[user + 1]; entry += 1)
      scores[items[entry]] = Number.NEGATIVE_INFINITY;
  }
}
