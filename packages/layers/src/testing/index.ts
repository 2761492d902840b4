export { pairBatch, userBatch } from "./batches";
export { openParameters } from "./open-parameters";
export { type RecommenderCheck, recommenderChecks } from "./recommender-checks";
export { type TestContextOptions, testContext } from "./test-context";
