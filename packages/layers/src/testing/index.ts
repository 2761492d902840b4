export { assertGradients } from "./assert-gradients";
export {
  denseMatrix,
  type InteractionList,
  type PairRowsOptions,
  pairBatch,
  pairRows,
  trainingInteractions,
  type UserRowsOptions,
  userBatch,
  userRows,
} from "./batches";
export { gradientAt } from "./gradient-at";
export { openParameters } from "./open-parameters";
export {
  type RecommenderCheck,
  type RecommenderChecksOptions,
  recommenderChecks,
} from "./recommender-checks";
export { tensorsLeftBy } from "./tensors-left-by";
export { type TestContextOptions, testContext } from "./test-context";
