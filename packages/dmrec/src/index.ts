export * from "@dmrec/base-models";
export * from "@dmrec/core";
export * from "@dmrec/data";
export * from "@dmrec/distributions";
export * from "@dmrec/eval";
export * from "@dmrec/matching";
export {
  createRecommender,
  type OnnxRecommender,
  type OnnxRuntime,
  type RecommendationRequest,
  type RecommenderOptions,
} from "@dmrec/serving";
export * from "@dmrec/trainer";
export { type BaseName, type BaseOptions, baseNames, createBase } from "./base-models";
export {
  createVariant,
  type VariantName,
  type VariantOptions,
  variantNames,
} from "./model-variants";
export {
  type PublishedSettings,
  publishedSettings,
  type SettingsName,
  settingsNames,
} from "./published-settings";
export { type Audience, type Recommendation, type RecommendOptions, recommend } from "./recommend";
