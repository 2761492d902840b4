export { batchTensors, userTensors } from "./batch-tensors";
export {
  applyDense,
  type DenseLayer,
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
  graphLayers,
  type KeptEdges,
  keptEdges,
  type NodeFeatures,
  sumFeatures,
} from "./graph-layers";
export { inItemTables } from "./in-item-tables";
export {
  type InteractionGraph,
  type ItemScales,
  interactionGraph,
  itemScales,
  normalizedWeights,
  propagateToItems,
  propagateToUsers,
} from "./interaction-graph";
export { profilesOf } from "./profiles-of";
export { rowSums } from "./row-sums";
export { unitLengthWeights } from "./unit-length-weights";
