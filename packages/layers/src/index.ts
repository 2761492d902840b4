export {
  applyDense,
  type DenseLayer,
  type DenseParameters,
  denseLayer,
  embeddingTable,
  xavierLayer,
  xavierWeights,
} from "./dense-layer";
export { embeddingBag } from "./embedding-bag";
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
export { gaussianHead } from "./gaussian-head";
export {
  type Graph,
  type GraphConstants,
  itemScales,
  normalizedGraph,
  normalizedWeights,
  propagateToItems,
  propagateToUsers,
} from "./graph-propagation";
export { rowSums } from "./row-sums";
export { unitLengthWeights } from "./unit-length-weights";
