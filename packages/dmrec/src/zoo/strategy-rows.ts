import { cpdm, godm, mddm, withoutMatching, withoutMixing } from "@dmrec/matching";
import type { PublishedBeta, StrategyRow } from "./model-row";

/** β of the released program's Mult-VAE runs, used for all base models; other data takes Yelp's for GODM and Steam's otherwise. */
const source = "β: encoder/config/beta.md of the program of Zhang et al. 2025, its runs of Mult-VAE";

const godmBeta: PublishedBeta = {
  default: 0.8,
  byDataset: { "amazon-book": 0.4, yelp: 0.8, steam: 1 },
  source,
};
const cpdmBeta: PublishedBeta = {
  default: 0.6,
  byDataset: { "amazon-book": 0.2, yelp: 0.9, steam: 0.6 },
  source,
};
const mddmBeta: PublishedBeta = {
  default: 0.5,
  byDataset: { "amazon-book": 0.6, yelp: 0.4, steam: 0.5 },
  source,
};

const godmRow: StrategyRow<"godm"> = {
  name: "godm",
  title: "DMRec-G",
  description: "matches by the Wasserstein distance between both distributions",
  isAblation: false,
  isOnRequest: true,
  beta: godmBeta,
  make: (weights) => godm(weights),
};

const cpdmRow: StrategyRow<"cpdm"> = {
  name: "cpdm",
  title: "DMRec-C",
  description: "matches by a composite prior between both distributions",
  isAblation: false,
  isOnRequest: true,
  beta: cpdmBeta,
  make: (weights) => cpdm(weights),
};

const mddmRow: StrategyRow<"mddm"> = {
  name: "mddm",
  title: "DMRec-M",
  description: "matches by a mix of the standard prior and the language distribution",
  isAblation: false,
  beta: mddmBeta,
  make: ({ beta }) => mddm({ beta }),
};

const withoutBaseNetworkRow: StrategyRow<"without-base-network"> = {
  name: "without-base-network",
  title: "without the base network",
  description: "ablation: MDDM with a meta-network that reads profiles only",
  isAblation: true,
  beta: mddmBeta,
  matching: { baseNetwork: "profile" },
  make: ({ beta }) => mddm({ beta }),
};

const withoutMatchingRow: StrategyRow<"without-matching"> = {
  name: "without-matching",
  title: "without matching",
  description: "ablation: both distributions combined, with no term that matches them",
  isAblation: true,
  make: ({ klWeight }) => withoutMatching({ klWeight }),
};

const withoutMixingRow: StrategyRow<"without-mixing"> = {
  name: "without-mixing",
  title: "without mixing",
  description: "ablation: MDDM with separate weights of its two terms",
  isAblation: true,
  beta: mddmBeta,
  make: (weights) => withoutMixing(weights),
};

/** The strategies of the paper and the ablations of its section 3.3.3. */
export const strategyRows = [
  godmRow,
  cpdmRow,
  mddmRow,
  withoutBaseNetworkRow,
  withoutMatchingRow,
  withoutMixingRow,
] as const;
