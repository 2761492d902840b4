export { executionProviders } from "@dmrec/compile";
export type { AdamOptions } from "./adam";
export { removeCheckpoint } from "./checkpoint-store";
export { createTrainer, type EvaluateOptions, type ModelTrainer } from "./create-trainer";
export type { EngineReport } from "./engine";
export { createForwardContext, type ForwardContextOptions } from "./forward-context";
export { type BackendName, backendNames } from "./tensor-backend";
export { type EngineName, engineNames, type TrainingOptions } from "./training-options";
export { loadWeights, saveWeights } from "./weights-file";
