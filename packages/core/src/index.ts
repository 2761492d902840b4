export { contentFingerprint } from "./content-fingerprint";
export type { HeldOutPart, ProfileEmbeddings, SplitDataset } from "./contracts/dataset";
export type { DenseMatrix } from "./contracts/dense-matrix";
export type { DiagonalGaussian, Distribution } from "./contracts/distribution";
export type { EngineReport } from "./contracts/engine-report";
export type {
  ExampleBatch,
  ExampleKind,
  ItemProposal,
  ItemSample,
  ItemSampling,
  PairBatch,
  TouchedItems,
  UserBatch,
  UserExamples,
} from "./contracts/example-batch";
export type { ForwardContext, StepInfo } from "./contracts/forward-context";
export type {
  ExampleRows,
  InteractionMatrix,
  ItemSampleRows,
  PairRows,
  TouchedItemRows,
  TrainingInteractions,
  UserRows,
} from "./contracts/interactions";
export type { ItemAttributes } from "./contracts/item-attributes";
export type { Json, JsonObject } from "./contracts/json";
export type { MatrixProduct } from "./contracts/matrix-product";
export type {
  Constant,
  Parameter,
  ParameterNode,
  ParameterTree,
  TensorBranch,
  TensorOf,
  TensorsOf,
  TensorTree,
} from "./contracts/parameters";
export type { Profile } from "./contracts/profile";
export type { RankingReport } from "./contracts/ranking-report";
export type {
  Audience,
  ProfileEmbedding,
  Recommendation,
  RecommendationRequest,
} from "./contracts/recommendation";
export type {
  LossTerms,
  Recommender,
  RecommenderInputs,
  VariationalRecommender,
} from "./contracts/recommender";
export type {
  EpochRecord,
  EvaluateOptions,
  EvaluationRecord,
  ExportData,
  ExportOptions,
  FitOptions,
  FittedRecommender,
  OpenOptions,
  OpenRecommender,
  StepProgress,
  Trainer,
  TrainingCallbacks,
  TrainingResult,
} from "./contracts/trainer";
export type { TrainingState } from "./contracts/training-state";
export { causeMessage, DMRecError, type DMRecErrorCode, hasErrorCode } from "./errors/dmrec-error";
export { FileError } from "./errors/file-error";
export { type InvalidDataDetails, InvalidDataError } from "./errors/invalid-data-error";
export { InvalidOptionsError, invalidOption, parseOptions } from "./errors/invalid-options-error";
export { NonFiniteLossError } from "./errors/non-finite-loss-error";
export { type CheckedOptions, checkOptions, type OptionIssue } from "./errors/option-issue";
export { inMegabytes, isRefusedArray, OutOfMemoryError } from "./errors/out-of-memory-error";
export { parseStored } from "./errors/parse-stored";
export { RuntimeError } from "./errors/runtime-error";
export { assertShape, ShapeMismatchError } from "./errors/shape-mismatch-error";
export { UnsupportedError } from "./errors/unsupported-error";
export {
  type ExportedMetadata,
  type ExportPrecision,
  exportedMetadataSchema,
  exportedModel,
  exportPrecisions,
} from "./exported-model";
export { assertFiniteMatrix } from "./finite-matrix";
export { interactionWeightSchema } from "./interaction-weight";
export {
  describeItemColumns,
  type ItemColumn,
  type ItemColumns,
  itemColumnsSchema,
} from "./item-columns";
export {
  type FilterCondition,
  type ItemFilter,
  ItemFilters,
  itemFilterSchema,
  type NumberRange,
} from "./item-filter";
export { assertItemLists, type ItemLists } from "./item-lists";
export { itemPopularity } from "./item-popularity";
export { loadOnnxRuntime, type OnnxRuntime } from "./onnx-runtime";
export {
  arraysByName,
  constant,
  inGroup,
  isConstant,
  itemTable,
  parameter,
  tensorsOf,
} from "./parameter-tree";
export { RandomGenerator, type RandomState } from "./random/random-generator";
export { assertTrainingInteractions } from "./training-interactions";
