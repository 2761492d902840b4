import {
  type Constant,
  constant,
  type DiagonalGaussian,
  type Parameter,
  parameter,
  type RandomGenerator,
  type TensorsOf,
  type UserBatch,
} from "@dmrec/core";
import { diagonalGaussian } from "@dmrec/distributions";
import { embeddingBag, gaussianHead, xavierWeights } from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";
import { clusterSizes, latentSizes } from "./cluster-sizes";

/** The parameters of {@link encodeClusters}. */
export type ClusteredEncoder = {
  /** `[items, widest]` */
  readonly weights: Parameter<readonly [number, number]>;
  readonly clusters: readonly {
    /** `[width]`: 2 · the latent dimensions of the cluster */
    readonly bias: Parameter<readonly [number]>;
    /** 1 for each item of the cluster, `[items]`; absent if one cluster has all items. */
    readonly membership?: Constant<readonly [number]>;
  }[];
};

export interface ClusteredEncoderOptions {
  /** The cluster of each item, `[items]`: every number from 0 on, without a gap. */
  readonly clusterOfItem: Int32Array;
  readonly latentDimension: number;
  readonly random: RandomGenerator;
}

/** Initial parameters: Xavier weights for each cluster, biases of 0. */
export function clusteredEncoder({
  clusterOfItem,
  latentDimension,
  random,
}: ClusteredEncoderOptions): ClusteredEncoder {
  const itemCount = clusterOfItem.length;
  const sizes = clusterSizes(clusterOfItem);
  const widths = latentSizes(sizes, latentDimension).map((latent) => 2 * latent);
  return {
    weights: initialTable(clusterOfItem, sizes, widths, random),
    clusters: widths.map((width, cluster) => ({
      bias: parameter([width], new Float32Array(width)),
      ...(sizes.length > 1 && { membership: constant([itemCount], membersOf(clusterOfItem, cluster)) }),
    })),
  };
}

/**
 * q(z₀|x), `[users, latent]`: an encoder for each cluster of items, [μ, log σ²] = tanh(x W + b), side by side (Wang et al.
 * 2023, section 3.4).
 *
 * Clusters share the latent dimensions in proportion to their items. One table holds the weights of all items in their
 * order, each row those of its item's cluster. A narrower cluster leaves the last columns at 0.
 */
export function encodeClusters(
  { weights: table, clusters }: TensorsOf<ClusteredEncoder>,
  batch: UserBatch,
): DiagonalGaussian {
  const posteriors = clusters.map(({ bias, membership }) => {
    const weights = membership
      ? tf.mul<tf.Tensor1D>(batch.weights, tf.gather(membership, batch.items))
      : batch.weights;
    const sums = embeddingBag(table, { ...batch, weights });
    const [width] = bias.shape;
    const own = width === sums.shape[1] ? sums : tf.slice(sums, [0, 0], [-1, width]);
    return gaussianHead(tf.tanh(tf.add<tf.Tensor2D>(own, bias)));
  });
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

function initialTable(
  clusterOfItem: Int32Array,
  sizes: readonly number[],
  widths: readonly number[],
  random: RandomGenerator,
): ClusteredEncoder["weights"] {
  const columns = Math.max(...widths);
  const values = new Float32Array(clusterOfItem.length * columns);
  const drawn = sizes.map((size, cluster) => xavierWeights(size, widths[cluster], random));
  const used = sizes.map(() => 0);
  clusterOfItem.forEach((cluster, item) => {
    const [width, row] = [widths[cluster], used[cluster]];
    values.set(drawn[cluster].subarray(row * width, (row + 1) * width), item * columns);
    used[cluster] += 1;
  });
  return parameter([clusterOfItem.length, columns], values);
}

function membersOf(clusterOfItem: Int32Array, cluster: number): Float32Array {
  return Float32Array.from(clusterOfItem, (other) => Number(other === cluster));
}
