import type { DiagonalGaussian, ForwardContext, JsonObject, LossTerms } from "@dmrec/core";

/** The distributions of a batch of users that a strategy may compare, each `[users, latent]`. */
export interface Posteriors {
  /** The wrapped recommender's posterior, q_c(z|x). */
  readonly collaborative: DiagonalGaussian;
  /** The language space's distribution, p_l(z|s). */
  readonly language: DiagonalGaussian;
  /** The posterior that is sampled from and decoded: the sum of both, or the collaborative one. */
  readonly combined: DiagonalGaussian;
}

/** A way to pull the two spaces together. It is a value: a new strategy is a function and a name. */
export interface MatchingStrategy {
  readonly name: string;
  /** Everything that the strategy was made from, as JSON. */
  readonly configuration: JsonObject;
  /** The terms added to the reconstruction loss, regularisation included; each a mean over the batch. */
  loss(posteriors: Posteriors, context: ForwardContext): LossTerms;
}
