import type { DiagonalGaussian, InteractionBatch, RandomGenerator } from "@dmrec/core";
import {
  assertBackend,
  diagonalGaussian,
  embeddingBag,
  gaussianHead,
  xavierWeights,
} from "@dmrec/distributions";
import * as tf from "@tensorflow/tfjs-core";
import { clusterSizes, latentSizes } from "./cluster-sizes";

interface Cluster {
  /** [μ, log σ²] of the cluster, of which it has the first columns of the table. */
  readonly width: number;
  readonly bias: tf.Variable<tf.Rank.R1>;
  /** 1 for each of its items, `[items]`; absent where it has them all. */
  readonly membership: tf.Tensor1D | undefined;
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
 * Clusters share the latent dimensions in proportion to their items. One table holds the weights of all items in their
 * order, each row those of its item's cluster: a narrower one leaves its last columns at 0.
 */
export class ClusteredEncoder {
  readonly variables: Readonly<Record<string, tf.Variable>>;
  readonly #table: tf.Variable<tf.Rank.R2>;
  readonly #clusters: readonly Cluster[];

  constructor({ clusterOfItem, latentDimension, random }: ClusteredEncoderOptions) {
    assertBackend();
    const sizes = clusterSizes(clusterOfItem);
    const widths = latentSizes(sizes, latentDimension).map((latent) => 2 * latent);
    this.#table = initialTable(clusterOfItem, sizes, widths, random);
    this.#clusters = widths.map((width, cluster) => ({
      width,
      bias: tf.tidy(() => tf.variable(tf.zeros<tf.Rank.R1>([width]))),
      membership: sizes.length === 1 ? undefined : membershipOf(clusterOfItem, cluster),
    }));
    const biases = this.#clusters.map(({ bias }, cluster) => [`${cluster}.bias`, bias] as const);
    this.variables = { weights: this.#table, ...Object.fromEntries<tf.Variable>(biases) };
  }

  /** q(z₀|x), `[users, latent]` */
  encode(batch: InteractionBatch): DiagonalGaussian {
    const posteriors = this.#clusters.map((cluster) => this.#encodeOne(cluster, batch));
    if (posteriors.length === 1) return posteriors[0];
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

  #encodeOne({ width, bias, membership }: Cluster, batch: InteractionBatch): DiagonalGaussian {
    const weights = membership
      ? tf.mul<tf.Tensor1D>(batch.weights, tf.gather(membership, batch.items))
      : batch.weights;
    const sums = embeddingBag(this.#table, { ...batch, weights });
    const own = width === sums.shape[1] ? sums : tf.slice(sums, [0, 0], [-1, width]);
    return gaussianHead(tf.tanh(tf.add<tf.Tensor2D>(own, bias)));
  }

  /** Frees what it holds besides its variables. */
  dispose(): void {
    for (const { membership } of this.#clusters) membership?.dispose();
  }
}

function initialTable(
  clusterOfItem: Int32Array,
  sizes: readonly number[],
  widths: readonly number[],
  random: RandomGenerator,
): tf.Variable<tf.Rank.R2> {
  const columns = Math.max(...widths);
  const values = new Float32Array(clusterOfItem.length * columns);
  const drawn = sizes.map((size, cluster) => xavierWeights(size, widths[cluster], random));
  const used = sizes.map(() => 0);
  clusterOfItem.forEach((cluster, item) => {
    const [width, row] = [widths[cluster], used[cluster]];
    values.set(drawn[cluster].subarray(row * width, (row + 1) * width), item * columns);
    used[cluster] += 1;
  });
  return tf.tidy(() => tf.variable(tf.tensor2d(values, [clusterOfItem.length, columns])));
}

function membershipOf(clusterOfItem: Int32Array, cluster: number): tf.Tensor1D {
  return tf.tensor1d(Float32Array.from(clusterOfItem, (other) => Number(other === cluster)));
}
