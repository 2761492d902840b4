import type { SplitDataset } from "@dmrec/core";

/** The models of the paper's tables by name: the base, the three strategies, and the ablations of section 3.3.3. */
export const variantNames = [
  "base",
  "godm",
  "cpdm",
  "mddm",
  "without-base-network",
  "without-matching",
  "without-mixing",
] as const;
export type VariantName = (typeof variantNames)[number];

/** The models that data is compared by where none are named: without embeddings the base alone. */
export function defaultVariants({ language }: Pick<SplitDataset, "language">): readonly VariantName[] {
  return language ? ["base", "godm", "cpdm", "mddm"] : ["base"];
}
