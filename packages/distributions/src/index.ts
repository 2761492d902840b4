export { addParameters } from "./add-parameters";
export {
  type DiagonalGaussianParameters,
  diagonalGaussian,
  entropy,
  logProb,
  sample,
  scale,
  variance,
} from "./diagonal-gaussian";
export {
  createDivergenceRegistry,
  type DivergenceFormula,
  type DivergenceRegistry,
} from "./divergence-registry";
export { interpolateParameters } from "./interpolate-parameters";
export { klDivergence, klDivergences } from "./kl-divergence";
export { productOfExperts } from "./product-of-experts";
export { type RenyiOptions, renyiDivergence, renyiDivergences } from "./renyi-divergence";
export { type ItemLayer, sampledMultinomialNegativeLogLikelihood } from "./sampled-multinomial";
export {
  type SkewJensenShannonOptions,
  skewJensenShannonDivergence,
  skewJensenShannonDivergences,
} from "./skew-jensen-shannon";
export { multinomialNegativeLogLikelihood } from "./sparse-multinomial";
export { type StandardGaussian, standardGaussian } from "./standard-gaussian";
export {
  type Wasserstein2Options,
  wasserstein2Distance,
  wasserstein2Distances,
} from "./wasserstein-distance";
