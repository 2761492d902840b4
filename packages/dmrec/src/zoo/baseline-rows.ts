import { popularity } from "@dmrec/baselines";
import type { BaselineRow } from "./model-row";

const popularityRow: BaselineRow<"popularity"> = {
  name: "popularity",
  title: "popularity",
  description: "the items with the most training interactions, for everyone",
  needsProfileEmbeddings: false,
  published: { options: {}, training: {}, source: "counts of training interactions; nothing is trained" },
  make: ({ train }) => popularity(train),
  ownOptions: () => ({}),
};

/** Models that DMRec is compared with. */
export const baselineRows = [popularityRow] as const;
