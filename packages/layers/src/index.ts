export {
  type ContextHandlers,
  contextOf,
  createForwardContext,
  createTrainingStates,
  type ForwardContextOptions,
  type MakeValues,
  type StepClock,
  stepInfo,
  type TakeValues,
  type TrainingStates,
} from "./forward-context";
