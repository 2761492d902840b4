import type { Scalar, Tensor2D } from "@tensorflow/tfjs-core";
import type { DiagonalGaussian } from "./distribution";
import type { ExampleBatch, ExampleKind, UserBatch, UserExamples } from "./example-batch";
import type { ForwardContext } from "./forward-context";
import type { JsonObject } from "./json";
import type { MatrixProduct } from "./matrix-product";
import type { ParameterTree, TensorBranch } from "./parameters";

/** Named parts of a loss. Their sum is minimised. */
export type LossTerms = { readonly [name: string]: Scalar };

/** The inputs that a model's scores depend on. They decide which users the model can serve. */
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
 * It holds no tensors and needs no backend. `trainer.open(recommender)` gives it a life. An implementation may narrow the
 * types of its own tensors and batch: `loss(parameters: TensorsOf<MyParameters>, batch: PairBatch, context)`.
 */
export interface Recommender {
  /** A name for people and files, e.g. `mult-vae`. */
  readonly name: string;
  /** Everything that this model was made from, as JSON: for manifests, and to recognise a checkpoint of another model. */
  readonly configuration: JsonObject;
  /** Items that it scores. */
  readonly itemCount: number;
  /** Users that it has tables for. Absent if it has none. */
  readonly userCount?: number;
  /** Width of the profile embeddings that it reads. Absent if it reads none. */
  readonly profileWidth?: number;
  readonly reads: RecommenderInputs;
  readonly examples: ExampleKind;
  readonly parameters: ParameterTree;
  /**
   * Computes the parameters of a model that has a formula for them, from products of large matrices. A trainer awaits it
   * when it opens the model, and opens the recommender that it returns. Without it, `parameters` are complete.
   *
   * @param product The matrix product of the engine.
   */
  solve?(product: MatrixProduct): Promise<Recommender>;
  /** The terms to minimise, each a mean over the examples of the batch. */
  loss(parameters: TensorBranch, batch: ExampleBatch, context: ForwardContext): LossTerms;
  /**
   * Computes what the scores of all users share, such as a propagated graph. An engine runs it once for each set of
   * weights and passes the result to `scores`. Without it, `scores` gets the parameters.
   */
  prepare?(parameters: TensorBranch): TensorBranch;
  /** Scores of all items for each user of the batch, `[users, items]`. Higher is better. */
  scores(prepared: TensorBranch, batch: UserBatch, context: ForwardContext): Tensor2D;
}

/**
 * A recommender whose users are distributions. Matching strategies can wrap it.
 *
 * Its functions take the parameters in training, and what `prepare` returned for scores.
 */
export interface VariationalRecommender extends Recommender {
  readonly examples: UserExamples;
  readonly latentDimension: number;
  /** q(z|x), `[users, latent]` */
  encode(parameters: TensorBranch, batch: UserBatch, context: ForwardContext): DiagonalGaussian;
  /** Logits of all items, `[users, items]`, from latent vectors, `[users, latent]`. */
  decode(parameters: TensorBranch, latent: Tensor2D, context: ForwardContext): Tensor2D;
  /** −E log p(x|z) with z drawn from `posterior`, and the model's own further terms, such as diffusion. */
  reconstructionLoss(
    parameters: TensorBranch,
    batch: UserBatch,
    posterior: DiagonalGaussian,
    context: ForwardContext,
  ): LossTerms;
}
