import type { Scalar, Tensor2D } from "@tensorflow/tfjs-core";
import type { DiagonalGaussian } from "./distribution";
import type { ExampleBatch, ExampleKind, UserBatch } from "./example-batch";
import type { ForwardContext } from "./forward-context";
import type { JsonObject } from "./json";
import type { ParameterTree, TensorsOf } from "./parameters";

/** Named parts of a loss. Their sum is minimised. */
export type LossTerms = { readonly [name: string]: Scalar };

/** What a model's scores depend on. It decides which users the model can serve. */
export interface RecommenderInputs {
  /** The user's interactions. */
  readonly interactions: boolean;
  /** The embedding of the user's profile: the batch's own, or that of the user's row in a table of the model. */
  readonly profile: boolean;
  /** A row of parameters for each user. Such a model serves only the users that it was trained on. */
  readonly userIndex: boolean;
}

/**
 * A recommendation model as a description: initial parameters on the host, and pure functions over tensors.
 *
 * It holds no tensors and needs no backend. `trainer.open(recommender)` gives it a life. Models that train on users
 * only take the batch type `UserBatch`, those that train on pairs `PairBatch`.
 *
 * @example
 * const popularity: Recommender<{ bias: Parameter<[number]> }, UserBatch> = { ... };
 */
export interface Recommender<
  Parameters extends ParameterTree = ParameterTree,
  Batch extends ExampleBatch = ExampleBatch,
  Prepared = TensorsOf<Parameters>,
> {
  /** For people and file names, e.g. `mult-vae`. */
  readonly name: string;
  /** Everything that this model was made from, as JSON: for manifests, and to recognise a checkpoint of another model. */
  readonly configuration: JsonObject;
  /** Items that it scores. */
  readonly itemCount: number;
  /** Users that it has tables for. Absent if it has none. */
  readonly userCount?: number;
  readonly reads: RecommenderInputs;
  readonly examples: ExampleKind;
  readonly parameters: Parameters;
  /** The terms to minimise, each a mean over the examples of the batch. */
  loss(parameters: TensorsOf<Parameters>, batch: Batch, context: ForwardContext): LossTerms;
  /**
   * Computes what the scores of all users share, such as a propagated graph. An engine runs it once for each set of
   * weights and passes the result to `scores`. By default `scores` gets the parameters.
   */
  prepare?(parameters: TensorsOf<Parameters>): Prepared;
  /** Scores of all items for each user of the batch, `[users, items]`. Higher is better. */
  scores(prepared: Prepared, batch: UserBatch, context: ForwardContext): Tensor2D;
}

/** A recommender whose users are distributions. Matching strategies can wrap it. */
export interface VariationalRecommender<
  Parameters extends ParameterTree = ParameterTree,
  Prepared = TensorsOf<Parameters>,
> extends Recommender<Parameters, UserBatch, Prepared> {
  readonly examples: { readonly kind: "users" };
  readonly latentDimension: number;
  /** q(z|x), `[users, latent]` */
  encode(parameters: Prepared, batch: UserBatch, context: ForwardContext): DiagonalGaussian;
  /** Logits of all items, `[users, items]`, from latent vectors, `[users, latent]`. */
  decode(parameters: Prepared, latent: Tensor2D, context: ForwardContext): Tensor2D;
  /** −E log p(x|z) with z drawn from `posterior`, and the model's own further terms, such as diffusion. */
  reconstructionLoss(
    parameters: TensorsOf<Parameters>,
    batch: UserBatch,
    posterior: DiagonalGaussian,
    context: ForwardContext,
  ): LossTerms;
}
