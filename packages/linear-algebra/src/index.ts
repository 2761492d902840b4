export { choleskyFactor, invertPositiveDefinite, type SquareMatrix, solveCholesky } from "./cholesky";
export { invertBlocks } from "./invert-blocks";
export { type Clustering, type KMeansOptions, kMeans } from "./k-means";
export { type PrincipalComponentsOptions, principalComponents } from "./principal-components";
export { type SparseRows, sparseRows, transposed } from "./sparse-rows";
export { forEachRow, gramBlocks, type SymmetricBlocks } from "./symmetric-blocks";
export { innerProducts, type TallMatrix, timesSmall, timesTall } from "./tall-matrix";
export { type TruncatedSvd, type TruncatedSvdOptions, truncatedSvd } from "./truncated-svd";
