import {
  type LossTerms,
  type PairBatch,
  parameter,
  RandomGenerator,
  type Recommender,
  type SplitDataset,
  type TensorsOf,
  UnsupportedError,
  type UserBatch,
} from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";

function initialTables(userCount: number, itemCount: number, width: number) {
  const random = RandomGenerator.fromSeed(1);
  const table = (rows: number) =>
    parameter(
      [rows, width],
      random.fillNormal(new Float32Array(rows * width)).map((value) => value / 10),
    );
  return { users: table(userCount), items: table(itemCount) };
}

type Tensors = TensorsOf<ReturnType<typeof initialTables>>;

/** Matrix factorization with BPR (Rendle et al. 2009): a vector for each user and item, trained on sampled pairs. */
export class PairFactorization implements Recommender {
  readonly name = "pair-factorization";
  readonly reads = { interactions: false, profile: false, userIndex: true };
  readonly examples = { kind: "pairs", negatives: 1 } as const;
  readonly userCount: number;
  readonly itemCount: number;
  readonly configuration;
  readonly parameters;

  constructor({ userCount, itemCount }: Pick<SplitDataset, "userCount" | "itemCount">, width = 32) {
    this.userCount = userCount;
    this.itemCount = itemCount;
    this.configuration = { name: this.name, userCount, itemCount, width };
    this.parameters = initialTables(userCount, itemCount, width);
  }

  loss(tensors: Tensors, { users, positives, negatives }: PairBatch): LossTerms {
    const user = tf.gather(tensors.users, users);
    const score = (items: tf.Tensor1D) => tf.sum(tf.mul(user, tf.gather(tensors.items, items)), 1);
    const margin = tf.sub(score(tf.reshape(negatives, [-1])), score(positives));
    return { ranking: tf.mean(tf.softplus(margin)) };
  }

  scores(tensors: Tensors, { users }: UserBatch): tf.Tensor2D {
    if (!users) throw new UnsupportedError(`${this.name} scores only the users that it was trained on`);
    return tf.matMul(tf.gather(tensors.users, users), tensors.items, false, true);
  }
}
