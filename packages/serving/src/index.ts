export { createRecommender, type RecommenderOptions } from "./create-recommender";
export {
  OnnxRecommender,
  type OnnxRuntime,
  type Recommendation,
  type RecommendationRequest,
} from "./recommender";
