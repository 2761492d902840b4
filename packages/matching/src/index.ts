export {
  type WithoutMatchingOptions,
  type WithoutMixingOptions,
  withoutMatching,
  withoutMixing,
} from "./ablations";
export { type CpdmOptions, cpdm } from "./cpdm";
export { type GodmOptions, godm } from "./godm";
export type { MatchingStrategy, Posteriors } from "./matching-strategy";
export { type MddmOptions, mddm } from "./mddm";
export { type MatchedRecommender, type MatchingOptions, withMatching } from "./with-matching";
