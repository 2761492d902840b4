import type { Scalar, Tensor2D, Variable } from "@tensorflow/tfjs-core";
import type { DiagonalGaussian } from "./distribution";
import type { ForwardContext } from "./forward-context";
import type { InteractionBatch } from "./interaction-batch";
import type { JsonObject } from "./json";
import type { TrainingMemory } from "./training-memory";

/** Named parts of a loss; their sum is what is minimised. */
export type LossTerms = { readonly [name: string]: Scalar };

/** Anything a {@link Trainer} can fit: it owns variables and gives a loss. */
export interface Recommender {
  /** For people and file names, e.g. `mult-vae`. */
  readonly name: string;
  /** Everything that this model was made from, as JSON: for manifests, and to recognise a checkpoint of another model. */
  readonly configuration: JsonObject;
  /** By dotted names; whole words of a name are a part that an optimizer may have settings for, such as `encoder`. */
  readonly variables: Readonly<Record<string, Variable>>;
  /** What it remembers of its steps, where later steps depend on more than variables. */
  readonly memory?: TrainingMemory;
  /** Items that it scores. */
  readonly itemCount: number;
  /** Users that it has tables for; absent where it knows users by their interactions alone. */
  readonly userCount?: number;
  /** The terms whose sum is minimised, each a mean over the users of the batch. */
  loss(batch: InteractionBatch, context: ForwardContext): LossTerms;
  /** Scores of all items for each user of the batch, `[users, items]`; higher is better. */
  scores(batch: InteractionBatch, context: ForwardContext): Tensor2D;
  /** Frees the variables and every other tensor that the model holds. */
  dispose(): void;
}

/** A recommender whose users are distributions: what matching strategies can wrap. */
export interface VariationalRecommender extends Recommender {
  readonly latentDimension: number;
  /** q(z|x), `[users, latent]` */
  encode(batch: InteractionBatch, context: ForwardContext): DiagonalGaussian;
  /** Logits of all items, `[users, items]`, from latent vectors, `[users, latent]`. */
  decode(latent: Tensor2D, context: ForwardContext): Tensor2D;
  /** −E log p(x|z) with z drawn from `posterior`, and what else the model adds to its regularisation (such as diffusion). */
  reconstructionLoss(
    batch: InteractionBatch,
    posterior: DiagonalGaussian,
    context: ForwardContext,
  ): LossTerms;
}
