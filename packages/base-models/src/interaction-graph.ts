import type { InteractionBatch, TrainingInteractions } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { rowSums } from "./row-sums";

/** Edges as an embedding bag reads them: rows `items` of a table, times weights, are summed into rows `rows`. */
export type Edges = Pick<InteractionBatch, "userCount" | "rows" | "items" | "weights">;

/** All of R̃, and its transpose: what users sum over their items, and items over their users. */
export interface WholeGraph {
  readonly ofUsers: Edges;
  readonly ofItems: Edges;
}

/**
 * The bipartite graph of users and items, each interaction's weight divided by the roots of its user's and its item's
 * degrees: R̃ = D_u^{-1/2} R D_i^{-1/2}.
 */
export class InteractionGraph {
  /** d_i^{-1/2}, `[items]`; 0 for an item that nobody has. */
  readonly #itemScales: tf.Tensor1D;
  readonly #whole: WholeGraph | undefined;

  /** @param needsWhole Whether the whole graph is asked for, which takes memory. */
  constructor(interactions: TrainingInteractions, needsWhole: boolean) {
    this.#itemScales = tf.tensor1d(inverseRoots(itemDegrees(interactions)));
    this.#whole = needsWhole ? wholeGraph(interactions) : undefined;
  }

  /** The weights of a batch's rows of R̃, `[interactions]`; the degrees of users are those of the batch itself. */
  normalized(batch: InteractionBatch): tf.Tensor1D {
    const { rows, items, weights } = batch;
    // A row of padding alone has degree 0: its weights are 0 and must not become 0 / 0.
    const degrees = tf.maximum<tf.Tensor1D>(rowSums(batch, weights), 1e-12);
    return tf.div(tf.mul(weights, tf.gather(this.#itemScales, items)), tf.sqrt(tf.gather(degrees, rows)));
  }

  get whole(): WholeGraph {
    if (!this.#whole) throw new RangeError("the whole graph was not asked for");
    return this.#whole;
  }

  dispose(): void {
    this.#itemScales.dispose();
    // The transpose holds the same tensors.
    if (this.#whole) tf.dispose(this.#whole.ofUsers);
  }
}

function wholeGraph(interactions: TrainingInteractions): WholeGraph {
  const { userCount, itemCount, offsets } = interactions;
  const ofUser = new Int32Array(interactions.items.length);
  for (let user = 0; user < userCount; user += 1) ofUser.fill(user, offsets[user], offsets[user + 1]);
  const userDegrees = new Float32Array(userCount);
  ofUser.forEach((user, edge) => {
    userDegrees[user] += interactions.weights[edge];
  });
  const [userScales, itemScales] = [inverseRoots(userDegrees), inverseRoots(itemDegrees(interactions))];
  const scaled = interactions.weights.map(
    (weight, edge) => weight * userScales[ofUser[edge]] * itemScales[interactions.items[edge]],
  );
  const users = tf.tensor1d(ofUser, "int32");
  const items = tf.tensor1d(interactions.items, "int32");
  const weights = tf.tensor1d(scaled);
  return {
    ofUsers: { userCount, rows: users, items, weights },
    ofItems: { userCount: itemCount, rows: items, items: users, weights },
  };
}

function itemDegrees({ itemCount, items, weights }: TrainingInteractions): Float32Array {
  const degrees = new Float32Array(itemCount);
  items.forEach((item, edge) => {
    degrees[item] += weights[edge];
  });
  return degrees;
}

function inverseRoots(degrees: Float32Array): Float32Array {
  return degrees.map((degree) => (degree > 0 ? 1 / Math.sqrt(degree) : 0));
}
