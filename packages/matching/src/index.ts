export { withoutMatching, withoutMixing } from "./ablations";
export { cpdm } from "./cpdm";
export { godm } from "./godm";
export type { MatchingStrategy, Posteriors } from "./matching-strategy";
export { mddm } from "./mddm";
export { type MatchedRecommender, type MatchingOptions, withMatching } from "./with-matching";
