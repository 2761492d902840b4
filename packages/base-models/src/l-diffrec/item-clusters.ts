import {
  type DenseMatrix,
  type InteractionMatrix,
  InvalidDataError,
  type RandomGenerator,
} from "@dmrec/core";
import { kMeans, truncatedSvd } from "@dmrec/linear-algebra";

/** Dimensions of the default embeddings that items are clustered by. */
const embeddingDimension = 64;

export interface ItemClustersOptions {
  readonly interactions: InteractionMatrix;
  readonly clusters: number;
  /** Embeddings to cluster items by, `[items, width]`; by default {@link collaborativeEmbeddings}. */
  readonly itemEmbeddings?: DenseMatrix | undefined;
  readonly random: RandomGenerator;
}

/**
 * The cluster of each item, `[items]`, by k-means.
 *
 * @throws InvalidDataError if items are to be clustered by interactions, and there are none.
 */
export function itemClusters({
  interactions,
  clusters,
  itemEmbeddings,
  random,
}: ItemClustersOptions): Int32Array {
  if (clusters === 1) return new Int32Array(interactions.itemCount);
  if (!itemEmbeddings && interactions.items.length === 0)
    throw new InvalidDataError({
      source: "the interactions",
      actual: "none to cluster items by",
      expected: "some; or itemEmbeddings, clusterOfItem or a single cluster",
    });
  const points = itemEmbeddings ?? collaborativeEmbeddings(interactions, random.fork("embeddings"));
  return kMeans(points, { clusters, random: random.fork("k-means") }).clusterOfPoint;
}

/**
 * Embeddings of items by their users, `[items, at most 64]`: the right singular vectors of the interactions times their
 * singular values, each item's row scaled to length 1 to remove popularity. An item without users is 0.
 */
export function collaborativeEmbeddings(
  interactions: InteractionMatrix,
  random: RandomGenerator,
): DenseMatrix {
  const { userCount, itemCount, offsets, items, weights } = interactions;
  const rows = { rowCount: userCount, columnCount: itemCount, offsets, columns: items, values: weights };
  const { singularValues, rightVectors } = truncatedSvd(rows, { rank: embeddingDimension, random });
  const columnCount = singularValues.length;
  const values = Float32Array.from(
    rightVectors.values,
    (value, entry) => value * singularValues[entry % columnCount],
  );
  for (let item = 0; item < itemCount; item += 1) {
    const row = values.subarray(item * columnCount, (item + 1) * columnCount);
    const length = Math.hypot(...row);
    if (length > 0) row.set(row.map((value) => value / length));
  }
  return { rowCount: itemCount, columnCount, values };
}
