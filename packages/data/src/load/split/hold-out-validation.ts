import type { InteractionMatrix } from "@dmrec/core";
import { interactionCount, toEntries } from "../../interactions/interaction-matrix";
import { type SplitParts, splitInteractions } from "../../interactions/split-interactions";
import type { LoadSettings } from "../load-options";

/**
 * Moves a share of the training part, drawn at random from the seed of the split, into a validation part, with a
 * warning.
 */
export function holdOutValidation(
  train: InteractionMatrix,
  source: string,
  { validationShare, split: { scope, seed }, onWarning }: LoadSettings,
): Pick<SplitParts, "train" | "validation"> {
  const parts = splitInteractions(
    { ...toEntries(train), source },
    { scope, seed, ratio: [1 - validationShare, validationShare, 0] },
  );
  const message = `no validation part (valid.*, validation.*, val.* or val_mat.pkl): a share of ${validationShare} of the training part is held out for it, at random`;
  onWarning({ source, message, count: interactionCount(parts.validation) });
  return { train: parts.train, validation: parts.validation };
}
