import { type MatrixFactorizationOptions, matrixFactorization, popularity } from "@dmrec/baselines";
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

const matrixFactorizationRow: BaselineRow<
  "matrix-factorization",
  Omit<MatrixFactorizationOptions, "userCount" | "itemCount">
> = {
  name: "matrix-factorization",
  title: "MF-BPR",
  description: "an embedding for each user and item, trained on pairs (Rendle et al. 2009)",
  needsProfileEmbeddings: false,
  published: {
    options: { latentDimension: 64, l2Weight: 1e-6 },
    training: { adam: { learningRate: 1e-3 }, batchSize: 1024 },
    source:
      "the loss: Rendle et al. 2009; width, learning rate and batch size: usual values, not searched for",
  },
  make: ({ userCount, itemCount }, options) => matrixFactorization({ userCount, itemCount, ...options }),
  ownOptions: ({ latentDimension, seed }) => ({
    ...(latentDimension !== undefined && { latentDimension }),
    ...(seed !== undefined && { seed }),
  }),
};

/** Models that DMRec is compared with. */
export const baselineRows = [popularityRow, matrixFactorizationRow] as const;
