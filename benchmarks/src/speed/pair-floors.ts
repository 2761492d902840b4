import type { SplitDataset } from "@dmrec/core";
import { graphLayers, interactionGraph } from "@dmrec/layers";
import * as tf from "@tensorflow/tfjs-core";
import { timed } from "./output-products";
import { embeddingWidth } from "./speed-data";

/** The number of pairs in a step, the width of embeddings and the number of layers: those of the programs. */
export const pairBatchSize = 4096;
const width = 32;
const layers = 3;
/** The width between texts and embeddings. */
const hidden = Math.floor((embeddingWidth + width) / 2);

type Floor = (data: SplitDataset, threads?: number) => Promise<() => Promise<number>>;

/** The floor of a training step, by the name of the baseline: the products that no exact method avoids. */
export const pairFloors: Readonly<Record<string, Floor>> = {
  "light-gcn": graphProducts,
  "rlmrec-contrastive": contrastProducts,
};

/** The products of features with the graph of interactions: one for each layer, and one for the gradient of each. */
function graphProducts({ train, userCount, itemCount }: SplitDataset, threads?: number) {
  const { users, items, weights } = interactionGraph(train);
  const graph = {
    users: tf.tensor1d(users.values, "int32"),
    items: tf.tensor1d(items.values, "int32"),
    weights: tf.tensor1d(weights.values),
  };
  return timed(
    (features) => {
      const last = graphLayers(graph, { users: features.users, items: features.items }, 2 * layers).at(-1);
      return last ? { lastUsers: last.users, lastItems: last.items } : {};
    },
    { users: [userCount, width], items: [itemCount, width] },
    threads,
  );
}

/**
 * The products of the projection of all users' texts and of the items' in a step, of the similarities of the step's users
 * with all users and of its items with each other, and of all their gradients.
 */
function contrastProducts({ userCount }: SplitDataset, threads?: number) {
  const texts = userCount + 2 * pairBatchSize;
  return timed(
    ({ texts, first, between, second, projected, batch, users, toUsers, toItems }) => ({
      hiddenProducts: tf.matMul(texts, first),
      outputProducts: tf.matMul(between, second),
      firstGradient: tf.matMul(texts, between, true),
      secondGradient: tf.matMul(between, projected, true),
      betweenGradient: tf.matMul(projected, second, false, true),
      ...similarity("users", batch, users, toUsers),
      ...similarity("positives", batch, batch, toItems),
      ...similarity("negatives", batch, batch, toItems),
    }),
    {
      texts: [texts, embeddingWidth],
      first: [embeddingWidth, hidden],
      between: [texts, hidden],
      second: [hidden, width],
      projected: [texts, width],
      batch: [pairBatchSize, width],
      users: [userCount, width],
      toUsers: [pairBatchSize, userCount],
      toItems: [pairBatchSize, pairBatchSize],
    },
    threads,
  );
}

/** The product of two lists of rows, and the gradients of both. */
function similarity(name: string, a: tf.Tensor2D, b: tf.Tensor2D, gradient: tf.Tensor2D) {
  return {
    [`${name}Products`]: tf.matMul<tf.Tensor2D>(a, b, false, true),
    [`${name}Left`]: tf.matMul<tf.Tensor2D>(gradient, b),
    [`${name}Right`]: tf.matMul<tf.Tensor2D>(gradient, a, true),
  };
}
