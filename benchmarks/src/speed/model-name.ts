import { type BaseName, baseNames, type VariantName, variantNames } from "dmrec";
import { z } from "zod";

/** A base model under a strategy, or alone. */
export interface BenchmarkedModel {
  /** As on the command line and in the results: `mddm`, `cvga`, `l-diffrec/mddm`. */
  readonly name: string;
  readonly base: BaseName;
  readonly variant: VariantName;
}

/** The width of the layer below the output of each base, as published: what the floor of its steps depends on. */
export const outputWidths: Readonly<Record<BaseName, number>> = {
  "mult-vae": 600,
  cvga: 64,
  "l-diffrec": 300,
};

/** `VARIANT` of Mult-VAE, `BASE` alone, or `BASE/VARIANT`. */
export const modelName = z.string().transform((name, context): BenchmarkedModel => {
  const [first, second] = name.trim().split("/");
  const base = baseNames.find((base) => base === first);
  const variant = variantNames.find((variant) => variant === (second ?? (base ? "base" : first)));
  if (variant && (base || second === undefined))
    return { name: name.trim(), base: base ?? "mult-vae", variant };
  context.addIssue(
    `"${name}" is no model; expected one of ${variantNames.join(", ")}, a base (${baseNames.join(", ")}) or BASE/MODEL`,
  );
  return z.NEVER;
});
