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

export type ClusteredEncoderParameters = {
  /** `[items, width]`: the weights of all items in their order. Each row holds those of its item's cluster. */
  readonly weights: Parameter<readonly [number, number]>;
  /** The bias of each cluster, of twice its latent dimensions: [μ, log σ²]. */
  readonly [cluster: `${number}`]: { readonly bias: Parameter<readonly [number]> };
  /** int32 `[items]`. Absent for a single cluster. */
  readonly clusterOfItem?: Constant<readonly [number]>;
};

export type ClusteredEncoderTensors = TensorsOf<ClusteredEncoderParameters>;

export interface ClusteredEncoderOptions {
  /** The cluster of each item, `[items]`: every number from 0 on, without a gap. */
  readonly clusterOfItem: Int32Array;
  readonly latentDimension: number;
  readonly random: RandomGenerator;
}

/**
 * An encoder for each cluster of items, [μ, log σ²] = tanh(x W + b), side by side (Wang et al. 2023, section 3.4).
 *
 * Clusters share the latent dimensions in proportion to their items. In the common table of weights, the rows of a
 * cluster with fewer dimensions leave their last columns at 0.
 */
export class ClusteredEncoder {
  readonly parameters: ClusteredEncoderParameters;
  /** Twice the latent dimensions of each cluster. */
  readonly #widths: readonly number[];

  constructor({ clusterOfItem, latentDimension, random }: ClusteredEncoderOptions) {
    const sizes = clusterSizes(clusterOfItem);
    this.#widths = latentSizes(sizes, latentDimension).map((latent) => 2 * latent);
    const biases = this.#widths.map((width, cluster) => [
      cluster,
      { bias: parameter([width], new Float32Array(width)) },
    ]);
    this.parameters = {
      ...Object.fromEntries(biases),
      weights: initialTable(clusterOfItem, sizes, this.#widths, random),
      ...(sizes.length > 1 && { clusterOfItem: constant([clusterOfItem.length], clusterOfItem) }),
    };
  }

  /** q(z₀|x), `[users, latent]` */
  encode(tensors: ClusteredEncoderTensors, batch: UserBatch): DiagonalGaussian {
    const posteriors = this.#widths.map((width, cluster) => {
      const sums = embeddingBag(tensors.weights, {
        ...batch,
        weights: weightsOfCluster(batch, cluster, tensors.clusterOfItem),
      });
      const own = width === sums.shape[1] ? sums : tf.slice(sums, [0, 0], [-1, width]);
      return gaussianHead(tf.tanh(tf.add<tf.Tensor2D>(own, tensors[`${cluster}`].bias)));
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
}

/** The weights of a batch, with 0 for interactions with items of other clusters, `[interactions]`. */
function weightsOfCluster(
  { items, weights }: UserBatch,
  cluster: number,
  clusterOfItem: tf.Tensor1D | undefined,
): tf.Tensor1D {
  if (clusterOfItem === undefined) return weights;
  const isOwn = tf.equal(tf.gather(clusterOfItem, items), tf.scalar(cluster, "int32"));
  return tf.mul(weights, tf.cast(isOwn, "float32"));
}

function initialTable(
  clusterOfItem: Int32Array,
  sizes: readonly number[],
  widths: readonly number[],
  random: RandomGenerator,
): Parameter<readonly [number, number]> {
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
