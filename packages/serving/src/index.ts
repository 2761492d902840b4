export type {
  FilterCondition,
  ItemColumn,
  ItemColumns,
  ItemFilter,
  NumberRange,
  OnnxRuntime,
  ProfileEmbedding,
  Recommendation,
} from "@dmrec/core";
export { loadRecommender } from "./load-from-file";
export type { LoadOptions } from "./load-options";
export type { ServedRecommender } from "./served-recommender";
export type { ServingAudience, ServingRequest, WeightedItem } from "./serving-request";
