import {
  assertShape,
  constant,
  type DiagonalGaussian,
  type ForwardContext,
  type ProfileEmbeddings,
  type RandomGenerator,
  type TensorsOf,
  type UserBatch,
} from "@dmrec/core";
import { applyDense, denseLayer, embeddingBag, gaussianHead, profilesOf } from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";

export interface MetaNetworkOptions {
  readonly profileEmbeddings: ProfileEmbeddings;
  readonly latentDimension: number;
  readonly hiddenDimension: number;
  readonly random: RandomGenerator;
}

/** The initial parameters of {@link encodeProfiles}, and the profile embeddings as constants. */
export function metaNetwork(options: MetaNetworkOptions) {
  const { profileEmbeddings, latentDimension, hiddenDimension, random } = options;
  const { users, items } = profileEmbeddings;
  return {
    users: constant([users.rowCount, users.columnCount], users.values),
    items: constant([items.rowCount, items.columnCount], items.values),
    hidden: denseLayer(users.columnCount, hiddenDimension, random),
    output: denseLayer(hiddenDimension, 2 * latentDimension, random),
  };
}

export type MetaNetwork = ReturnType<typeof metaNetwork>;

export interface BaseNetworkSettings {
  /** The network's input: interactions and profile (g_u = x S_I + s_u), or the profile only (the ablation). */
  readonly baseNetwork: "interactions-and-profile" | "profile";
  readonly dropout: number;
}

/**
 * The probabilistic meta-network: p_l(z|s) for the users of a batch, `[users, latent]`, a distribution of the same form as
 * the collaborative space's (Zhang et al. 2025, section 2.3, eq. 6–7).
 *
 * [μ_l, log σ_l²] = W₂ tanh(W₁ g_u + b₁) + b₂
 */
export function encodeProfiles(
  network: TensorsOf<MetaNetwork>,
  batch: UserBatch,
  context: ForwardContext,
  settings: BaseNetworkSettings,
): DiagonalGaussian {
  const features = baseNetwork(network, batch, context, settings);
  return gaussianHead(applyDense(network.output, tf.tanh(applyDense(network.hidden, features))));
}

/** g_u = dropout(x) S_I + s_u, `[users, width]` (eq. 7). */
function baseNetwork(
  { users, items }: TensorsOf<MetaNetwork>,
  batch: UserBatch,
  context: ForwardContext,
  { baseNetwork, dropout }: BaseNetworkSettings,
): tf.Tensor2D {
  const profiles = profilesOf(users, batch);
  assertShape("the batch's profile embeddings", profiles.shape, [batch.userCount, users.shape[1]]);
  if (baseNetwork === "profile") return profiles;
  const weights = context.dropout(batch.weights, dropout);
  return tf.add(embeddingBag(items, { ...batch, weights }), profiles);
}
