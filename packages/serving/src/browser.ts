export { loadRecommender } from "./load-from-url";
export type * from "./public-types";
