import {
  type LossTerms,
  type PairBatch,
  parameter,
  RandomGenerator,
  type Recommender,
  type TensorsOf,
  type UserBatch,
} from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";

const tables = (userCount: number, itemCount: number, width: number) => {
  const random = RandomGenerator.fromSeed(5);
  const table = (rows: number) =>
    parameter(
      [rows, width],
      random.fillNormal(new Float32Array(rows * width)).map((value) => value / 10),
    );
  return { users: table(userCount), items: table(itemCount) };
};
type Tables = TensorsOf<ReturnType<typeof tables>>;

/** Matrix factorisation with BPR (Rendle et al. 2009): a row for each user and item, trained on pairs. */
export class TableModel implements Recommender {
  readonly name = "table";
  readonly configuration;
  readonly reads = { interactions: false, profile: false, userIndex: true };
  readonly examples;
  readonly parameters;
  readonly userCount: number;
  readonly itemCount: number;
  /** The number of calls of `prepare`. */
  preparations = 0;

  constructor(
    { userCount, itemCount }: { readonly userCount: number; readonly itemCount: number },
    { width = 8, negatives = 2 } = {},
  ) {
    this.userCount = userCount;
    this.itemCount = itemCount;
    this.configuration = { name: this.name, userCount, itemCount, width, negatives };
    this.examples = { kind: "pairs", negatives } as const;
    this.parameters = tables(userCount, itemCount, width);
  }

  loss({ users, items }: Tables, { users: index, positives, negatives }: PairBatch): LossTerms {
    const user = tf.expandDims(tf.gather(users, index), 1);
    const positive = tf.expandDims(tf.gather(items, positives), 1);
    const score = (items: tf.Tensor) => tf.sum(tf.mul(user, items), 2);
    const margins = tf.sub(score(tf.gather(items, negatives)), score(positive));
    return { ranking: tf.mean(tf.softplus(margins)) };
  }

  prepare({ users, items }: Tables) {
    this.preparations += 1;
    return { users, transposed: tf.transpose(items) };
  }

  scores(
    { users, transposed }: { readonly users: tf.Tensor2D; readonly transposed: tf.Tensor2D },
    batch: UserBatch,
  ): tf.Tensor2D {
    if (!batch.users) throw new RangeError("a table model was asked for a user without an index");
    return tf.matMul(tf.gather(users, batch.users), transposed);
  }
}
