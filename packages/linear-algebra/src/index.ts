export { type Clustering, type KMeansOptions, kMeans } from "./k-means";
export { type TruncatedSvd, type TruncatedSvdOptions, truncatedSvd } from "./truncated-svd";
