import {
  type CvgaOptions,
  cvga,
  type LDiffRecOptions,
  lDiffRec,
  type MultVaeOptions,
  multVae,
} from "@dmrec/base-models";
import { parseOptions, type SplitDataset, type VariationalRecommender } from "@dmrec/core";
import { z } from "zod";

/** The base models of the paper's Table 2 by name. */
export const baseNames = ["mult-vae", "cvga", "l-diffrec"] as const;
export type BaseName = (typeof baseNames)[number];

/** The options of each base model, but for what a dataset says. */
export interface BaseOptions {
  readonly "mult-vae": Omit<MultVaeOptions, "itemCount">;
  readonly cvga: Omit<CvgaOptions, "interactions">;
  readonly "l-diffrec": Omit<LDiffRecOptions, "interactions">;
}

const makers: {
  readonly [Name in BaseName]: (data: SplitDataset, options: BaseOptions[Name]) => VariationalRecommender;
} = {
  "mult-vae": ({ itemCount }, options) => multVae({ itemCount, ...options }),
  cvga: ({ train }, options) => cvga({ interactions: train, ...options }),
  "l-diffrec": ({ train }, options) => lDiffRec({ interactions: train, ...options }),
};

/**
 * A base model for a dataset.
 *
 * @throws InvalidOptionsError
 */
export function createBase<Name extends BaseName>(
  name: Name,
  data: SplitDataset,
  options: BaseOptions[Name],
): VariationalRecommender {
  parseOptions("createBase", z.object({ name: z.enum(baseNames) }), { name });
  return makers[name](data, options);
}
