import type { DiagonalGaussian, ForwardContext, JsonObject, LossTerms } from "@dmrec/core";

/** The distributions of a batch of users that a strategy may compare, each `[users, latent]`. */
export interface Posteriors {
  /** The posterior of the wrapped recommender, q_c(z|x). */
  readonly collaborative: DiagonalGaussian;
  /** The posterior of the language space, p_l(z|s). */
  readonly language: DiagonalGaussian;
  /** q, the one that is sampled and decoded: the sum of the parameters of both, or the collaborative one. */
  readonly combined: DiagonalGaussian;
}

/**
 * A loss that pulls the two spaces together. It is a value, so a new strategy is a name and a function.
 *
 * @example
 * const meanMatching: MatchingStrategy = {
 *   name: "mean-matching",
 *   configuration: { name: "mean-matching" },
 *   loss: ({ collaborative, language }) => ({
 *     matching: tf.mean(tf.squaredDifference(collaborative.mean, language.mean)),
 *   }),
 * };
 */
export interface MatchingStrategy {
  readonly name: string;
  /** Everything that the strategy was made from, as JSON. */
  readonly configuration: JsonObject;
  /** The terms added to the reconstruction loss, including regularisation. Each is a mean over the batch. */
  loss(posteriors: Posteriors, context: ForwardContext): LossTerms;
}
