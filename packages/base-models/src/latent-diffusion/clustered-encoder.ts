import type { DiagonalGaussian, InteractionBatch, RandomGenerator } from "@dmrec/core";
import {
  type DenseLayer,
  diagonalGaussian,
  embeddingBag,
  gaussianHead,
  xavierLayer,
} from "@dmrec/distributions";
import * as tf from "@tensorflow/tfjs-core";
import { clusterSizes, latentSizes } from "./cluster-sizes";

interface Encoder {
  readonly layer: DenseLayer;
  /** Where the encoder reads some of the items alone: 1 for each of them, float32 `[items]`, and its row in the layer, int32 `[items]`. */
  readonly items?: { readonly membership: tf.Tensor1D; readonly rows: tf.Tensor1D };
}

export interface ClusteredEncoderOptions {
  /** The cluster of each item, `[items]`: every number from 0 on, without a gap. */
  readonly clusterOfItem: Int32Array;
  readonly latentDimension: number;
  readonly random: RandomGenerator;
}

/**
 * An encoder for each cluster of items, [μ, log σ²] = tanh(x W + b), side by side (Wang et al. 2023, section 3.4).
 *
 * Clusters share the latent dimensions in proportion to their items.
 */
export class ClusteredEncoder {
  readonly variables: Readonly<Record<string, tf.Variable>>;
  readonly #encoders: readonly Encoder[];

  constructor({ clusterOfItem, latentDimension, random }: ClusteredEncoderOptions) {
    const sizes = clusterSizes(clusterOfItem);
    const latent = latentSizes(sizes, latentDimension);
    this.#encoders = sizes.map((size, cluster) => {
      const layer = xavierLayer(size, 2 * latent[cluster], random);
      return sizes.length === 1 ? { layer } : { layer, items: itemsOfCluster(clusterOfItem, cluster) };
    });
    const variables = this.#encoders.flatMap(({ layer }, cluster) => [
      [`${cluster}.weights`, layer.weights] as const,
      [`${cluster}.bias`, layer.bias] as const,
    ]);
    this.variables = Object.fromEntries<tf.Variable>(variables);
  }

  /** q(z₀|x), `[users, latent]` */
  encode(batch: InteractionBatch): DiagonalGaussian {
    const posteriors = this.#encoders.map(({ layer, items }) => {
      const part = items
        ? {
            ...batch,
            items: tf.gather(items.rows, batch.items),
            weights: tf.mul<tf.Tensor1D>(batch.weights, tf.gather(items.membership, batch.items)),
          }
        : batch;
      return gaussianHead(tf.tanh(tf.add<tf.Tensor2D>(embeddingBag(layer.weights, part), layer.bias)));
    });
    const [first, ...others] = posteriors;
    if (others.length === 0) return first;
    return diagonalGaussian({
      mean: tf.concat(
        posteriors.map(({ mean }) => mean),
        1,
      ),
      logVariance: tf.concat(
        posteriors.map(({ logVariance }) => logVariance),
        1,
      ),
    });
  }

  /** Frees what it holds besides its variables. */
  dispose(): void {
    for (const { items } of this.#encoders) if (items) tf.dispose([items.membership, items.rows]);
  }
}

function itemsOfCluster(clusterOfItem: Int32Array, cluster: number): NonNullable<Encoder["items"]> {
  let row = 0;
  const rows = clusterOfItem.map((other) => (other === cluster ? row++ : 0));
  const membership = Float32Array.from(clusterOfItem, (other) => Number(other === cluster));
  return { membership: tf.tensor1d(membership), rows: tf.tensor1d(rows, "int32") };
}
