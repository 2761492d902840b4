import type { ForwardContext, InteractionBatch, LossTerms, VariationalRecommender } from "@dmrec/core";
import { klDivergence, standardGaussian } from "@dmrec/distributions";
import * as tf from "@tensorflow/tfjs-core";
import { annealedWeight } from "./annealed-weight";

/** The loss of a variational recommender used alone: what reconstructs, and the annealed KL to the standard Gaussian. */
export function variationalLoss(
  model: Pick<VariationalRecommender, "encode" | "reconstructionLoss">,
  batch: InteractionBatch,
  context: ForwardContext,
  { klWeight, annealingSteps }: { readonly klWeight: number; readonly annealingSteps: number },
): LossTerms {
  const posterior = model.encode(batch, context);
  const weight = annealedWeight(context, klWeight, annealingSteps);
  return {
    ...model.reconstructionLoss(batch, posterior, context),
    regularization: tf.mul(weight, tf.mean(klDivergence(posterior, standardGaussian))),
  };
}
