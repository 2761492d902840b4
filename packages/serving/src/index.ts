export { loadRecommender } from "./load-from-file";
export type * from "./public-types";
