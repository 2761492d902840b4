export { averagePrecision } from "./metrics/average-precision";
export { beyondAccuracy } from "./metrics/beyond-accuracy";
export { coverage } from "./metrics/coverage";
export { gini } from "./metrics/gini";
export { hitRate } from "./metrics/hit-rate";
export { ndcg } from "./metrics/ndcg";
export { popularityBias } from "./metrics/popularity-bias";
export { precision } from "./metrics/precision";
export type { RankedUser, RankingMetric } from "./metrics/ranking-metric";
export { recall } from "./metrics/recall";
export { reciprocalRank, summedReciprocalRank } from "./metrics/reciprocal-rank";
export { evaluateRanking } from "./protocol/evaluate-ranking";
export type { EvaluateRankingOptions } from "./protocol/evaluation-options";
export { type SeenPolicy, seenPolicies } from "./protocol/seen-items";
export { topK } from "./protocol/top-k";
export { groupByActivity, type UserGroup } from "./protocol/user-groups";
export {
  type BootstrapInterval,
  type BootstrapMethod,
  type BootstrapOptions,
  bootstrapInterval,
  bootstrapIntervals,
} from "./statistics/bootstrap-interval";
export { cohensD, type EffectSize, type EffectSizeOptions } from "./statistics/effect-size";
export { holmCorrection } from "./statistics/holm-correction";
export { type PairedTest, pairedTTest } from "./statistics/paired-t-test";
export { type Summary, summarise } from "./statistics/summary";
export { type WilcoxonTest, wilcoxonTest } from "./statistics/wilcoxon-test";
