// The common path. Everything else is in the packages.
export { cvga, lDiffRec, multVae } from "@dmrec/base-models";
export {
  alphaRec,
  easeR,
  itemKnn,
  kar,
  lightGcn,
  llmRec,
  matrixFactorization,
  popularity,
  proEx,
  proMax,
  rlmRecContrastive,
  rlmRecGenerative,
} from "@dmrec/baselines";
export {
  DMRecError,
  type FittedRecommender,
  type OpenRecommender,
  type Recommendation,
  type Recommender,
  type SplitDataset,
  type Trainer,
} from "@dmrec/core";
export { loadDataset, loadFolder, syntheticCatalogue } from "@dmrec/data";
export { fitTfIdfEncoder, loadTfIdfEncoder, loadUseLiteEncoder, saveTfIdfEncoder } from "@dmrec/encoders";
export { cpdm, godm, type MatchingStrategy, mddm, withMatching } from "@dmrec/matching";
export { generateItemProfiles, generateUserProfiles, openProfileStore } from "@dmrec/profiles";
export { loadRecommender, type ServedRecommender } from "@dmrec/serving";
export { automatic, compiled, createTrainer, eager, type TrainerOptions } from "@dmrec/trainer";
export { type CompareOptions, type Comparison, compareModels, type Outcome } from "./app/compare-models";
export { type EmbeddedDataset, embedDataset } from "./app/embed-dataset";
export { type RecommendFromTextOptions, recommendFromText } from "./app/recommend-from-text";
export { type ComparisonPlan, type PlanFlags, resolvePlan } from "./app/resolve-plan";
export { withTemplateProfiles } from "./app/with-template-profiles";
export { type Config, defineConfig } from "./config";
export { createModel, defaultZoo, publishedSettings } from "./zoo/default-zoo";
export {
  type BaselineRow,
  type BaseModelRow,
  type ModelTraining,
  type SettingsName,
  type StrategyRow,
  settingsNames,
} from "./zoo/model-row";
export type { ModelOptions, ModelZoo, ResolvedModel } from "./zoo/model-zoo";
export { createZoo, type Zoo } from "./zoo/zoo";
