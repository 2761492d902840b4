export * from "@dmrec/base-models";
export * from "@dmrec/core";
export * from "@dmrec/data";
export * from "@dmrec/distributions";
export * from "@dmrec/eval";
export * from "@dmrec/matching";
export * from "@dmrec/profiles";
export {
  createRecommender,
  type OnnxRecommender,
  type OnnxRuntime,
  type RecommendationRequest,
  type RecommenderOptions,
} from "@dmrec/serving";
export * from "@dmrec/trainer";
export { type EmbeddedDataset, embedDataset } from "./embed-dataset";
export { itemName } from "./item-name";
export {
  createVariant,
  defaultBeta,
  type VariantName,
  type VariantOptions,
  variantNames,
} from "./model-variants";
export { type Audience, type Recommendation, type RecommendOptions, recommend } from "./recommend";
export { type RecommendFromTextOptions, recommendFromText } from "./recommend-from-text";
