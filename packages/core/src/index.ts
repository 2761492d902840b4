export { CheckpointError } from "./checkpoint-error";
export { contentFingerprint } from "./content-fingerprint";
export type { DenseMatrix, HeldOutPart, LanguageEmbeddings, SplitDataset } from "./dataset";
export type { DiagonalGaussian, Distribution } from "./distribution";
export { DMRecError, type DMRecErrorKind } from "./error";
export { assertFiniteMatrix } from "./finite-matrix";
export type { ForwardContext, HostStep } from "./forward-context";
export type { InteractionBatch } from "./interaction-batch";
export type { InteractionMatrix, InteractionRows, TrainingInteractions } from "./interaction-matrix";
export { type InvalidDataDetails, InvalidDataError } from "./invalid-data-error";
export type { ItemAttributes } from "./item-attributes";
export type { Json, JsonObject } from "./json";
export { NonFiniteLossError } from "./non-finite-loss-error";
export { InvalidOptionsError, parseOptions } from "./options";
export { RandomGenerator, type RandomState } from "./random-generator";
export type { LossTerms, Recommender, VariationalRecommender } from "./recommender";
export { assertShape, ShapeMismatchError } from "./shape-mismatch-error";
export type {
  EpochRecord,
  EvaluationRecord,
  FitOptions,
  StepProgress,
  Trainer,
  TrainingCallbacks,
  TrainingResult,
} from "./trainer";
export type { TrainingMemory } from "./training-memory";
