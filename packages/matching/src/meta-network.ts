import {
  assertShape,
  constant,
  type DenseMatrix,
  type DiagonalGaussian,
  type ForwardContext,
  InvalidDataError,
  type ProfileEmbeddings,
  type RandomGenerator,
  type TensorsOf,
  type UserBatch,
} from "@dmrec/core";
import { applyDense, denseLayer, embeddingBag, gaussianHead } from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";

export interface MetaNetworkOptions {
  readonly profileEmbeddings: ProfileEmbeddings;
  readonly latentDimension: number;
  readonly hiddenDimension: number;
  readonly dropout: number;
  /** The network's input: interactions and profile (g_u = x S_I + s_u), or only the profile (the ablation). */
  readonly baseNetwork: "interactions-and-profile" | "profile";
  readonly random: RandomGenerator;
}

export type MetaNetworkTensors = TensorsOf<ReturnType<typeof initialParameters>>;

/**
 * The probabilistic meta-network: turns the profile embeddings of a user and their items into a distribution p_l(z|s) of
 * the collaborative space's form (Zhang et al. 2025, section 2.3, eq. 6–7).
 *
 * [μ_l, log σ_l²] = W₂ tanh(W₁ g_u + b₁) + b₂
 */
export class MetaNetwork {
  readonly parameters: ReturnType<typeof initialParameters>;
  readonly #dropout: number;
  readonly #baseNetwork: MetaNetworkOptions["baseNetwork"];

  constructor(options: MetaNetworkOptions) {
    this.parameters = initialParameters(options);
    this.#dropout = options.dropout;
    this.#baseNetwork = options.baseNetwork;
  }

  /**
   * p_l(z|s) for the users of a batch, `[users, latent]`.
   *
   * @throws InvalidDataError if the batch has neither profile embeddings nor the indices of its users.
   * @throws ShapeMismatchError if the batch's profile embeddings have another width than the model's.
   */
  encode(tensors: MetaNetworkTensors, batch: UserBatch, context: ForwardContext): DiagonalGaussian {
    const hidden = tf.tanh(applyDense(tensors.hidden, this.#input(tensors, batch, context)));
    return gaussianHead(applyDense(tensors.output, hidden));
  }

  /** g_u = dropout(x) S_I + s_u, `[users, width]` (eq. 7). */
  #input({ profiles }: MetaNetworkTensors, batch: UserBatch, context: ForwardContext): tf.Tensor2D {
    const profilesOfUsers = profilesOf(batch, profiles.users);
    if (this.#baseNetwork === "profile") return profilesOfUsers;
    const weights = context.dropout(batch.weights, this.#dropout);
    return tf.add(embeddingBag(profiles.items, { ...batch, weights }), profilesOfUsers);
  }
}

function initialParameters(options: MetaNetworkOptions) {
  const { profileEmbeddings, hiddenDimension, latentDimension, random } = options;
  const { users, items } = profileEmbeddings;
  return {
    profiles: { users: constantMatrix(users), items: constantMatrix(items) },
    hidden: denseLayer(users.columnCount, hiddenDimension, random),
    output: denseLayer(hiddenDimension, 2 * latentDimension, random),
  };
}

function constantMatrix({ rowCount, columnCount, values }: DenseMatrix) {
  return constant([rowCount, columnCount], values);
}

/** s_u, `[users, width]`: the batch's own embeddings, or the rows of its users in a table. */
function profilesOf({ profileEmbeddings, users, userCount }: UserBatch, table: tf.Tensor2D): tf.Tensor2D {
  if (profileEmbeddings) {
    assertShape("the batch's profile embeddings", profileEmbeddings.shape, [userCount, table.shape[1]]);
    return profileEmbeddings;
  }
  if (users) return tf.gather(table, users);
  throw new InvalidDataError({
    source: "the batch of users",
    actual: "neither profile embeddings nor indices of users",
    expected: "profileEmbeddings for users who are not in the dataset, or users",
  });
}
