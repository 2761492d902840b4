import type { DiagonalGaussian, ForwardContext, JsonObject, LossTerms } from "@dmrec/core";

/** The distributions of a batch of users that a strategy may compare, each `[users, latent]`. */
export interface Posteriors {
  /** What the wrapped recommender says, q_c(z|x). */
  readonly collaborative: DiagonalGaussian;
  /** What the language space says, p_l(z|s). */
  readonly language: DiagonalGaussian;
  /** The one that is sampled from and decoded: the sum of both, or the collaborative one. */
  readonly decoded: DiagonalGaussian;
}

/** How the two spaces are pulled together: a value, so that a new one is a function and a name. */
export interface MatchingStrategy {
  readonly name: string;
  /** Everything that the strategy was made from, as JSON. */
  readonly configuration: JsonObject;
  /** The terms added to the reconstruction loss, regularisation included; each a mean over the batch. */
  loss(posteriors: Posteriors, context: ForwardContext): LossTerms;
}
