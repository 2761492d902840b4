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
export { type BaseName, type BaseOptions, baseNames, createBase } from "./base-models";
export { type EmbeddedDataset, embedDataset } from "./embed-dataset";
export { itemName } from "./item-name";
export { assertVariant, createVariant, type VariantOptions } from "./model-variants";
export {
  type ReadProfilesOptions,
  readProfiles,
  type WriteProfilesOptions,
  writeProfiles,
} from "./profile-files";
export {
  type PublishedSettings,
  publishedSettings,
  type SettingsName,
  settingsNames,
} from "./published-settings";
export { type Audience, type Recommendation, type RecommendOptions, recommend } from "./recommend";
export { type RecommendFromTextOptions, recommendFromText } from "./recommend-from-text";
export { defaultVariants, type VariantName, variantNames } from "./variant-names";
