// The types of both entries: of Node.js and of browsers.
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
export type { LoadOptions } from "./load-options";
export type { ServedRecommender } from "./served-recommender";
export type { ServingAudience, ServingRequest, WeightedItem } from "./serving-request";
