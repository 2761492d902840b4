export { executionProviders } from "@dmrec/compile";
export { createTrainer } from "./create-trainer";
export { type BackendName, backendNames } from "./engine/eager/tensor-backend";
export {
  automatic,
  type CompiledEngineOptions,
  compiled,
  type EagerEngineOptions,
  type EngineChoice,
  type ExecutionProvider,
  eager,
} from "./engine/engine-choice";
export { removeCheckpoint } from "./files/checkpoint-store";
export type { AdamOptions } from "./optimizer/adam";
export type { EvaluationOptions, TrainerOptions } from "./trainer-options";
