export { assertBackend } from "./assert-backend";
export { applyDense, type DenseLayer, denseLayer, xavierLayer, xavierWeights } from "./dense-layer";
export {
  type DiagonalGaussianParameters,
  diagonalGaussian,
  entropy,
  logDensity,
  sample,
  scale,
  variance,
} from "./diagonal-gaussian";
export {
  createDivergenceRegistry,
  type DivergenceFormula,
  type DivergenceRegistry,
} from "./divergence-registry";
export { embeddingBag } from "./embedding-bag";
export { gaussianHead } from "./gaussian-head";
export { interpolate } from "./interpolate";
export { klDivergence, klDivergences } from "./kl-divergence";
export { product } from "./product";
export { type RenyiOptions, renyiDivergence, renyiDivergences } from "./renyi-divergence";
export {
  type SkewJensenShannonOptions,
  skewJensenShannonDivergence,
  skewJensenShannonDivergences,
} from "./skew-jensen-shannon";
export { multinomialNegativeLogLikelihood } from "./sparse-multinomial";
export { type StandardGaussian, standardGaussian } from "./standard-gaussian";
export { sumOfParameters } from "./sum-of-parameters";
export {
  type Wasserstein2Options,
  wasserstein2Distance,
  wasserstein2Distances,
} from "./wasserstein-distance";
