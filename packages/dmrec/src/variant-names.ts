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
