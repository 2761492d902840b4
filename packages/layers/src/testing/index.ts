export {
  type InteractionList,
  type Pair,
  pairBatch,
  pairRows,
  trainingInteractions,
  type UserRowsOptions,
  userBatch,
  userRows,
} from "./batches";
export { openParameters } from "./open-parameters";
export { type RecommenderCheck, recommenderChecks } from "./recommender-checks";
export { type TestContextOptions, testContext } from "./test-context";
