import { multVae } from "@dmrec/base-models";
import type { Recommender, SplitDataset } from "@dmrec/core";
import { mddm, withMatching } from "@dmrec/matching";

/** Mult-VAE, unmatched or under DMRec-M, with default sizes. Made here, because a bundle of the whole zoo would be large. */
export function speedModel(
  name: "base" | "mddm",
  { itemCount, profileEmbeddings }: Pick<SplitDataset, "itemCount" | "profileEmbeddings">,
): Recommender {
  const base = multVae({ itemCount });
  return name === "base" ? base : withMatching(base, { profileEmbeddings, strategy: mddm({ beta: 0.5 }) });
}
