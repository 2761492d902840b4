import type { ExampleBatch, ExampleRows, PairBatch, PairRows, UserBatch, UserRows } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";

/** The tensors of a batch, on the current backend. The caller disposes of them. */
export function batchTensors(rows: ExampleRows): ExampleBatch {
  return "positives" in rows ? pairTensors(rows) : userTensors(rows);
}

/** The tensors of a batch of users. The caller disposes of them. */
export function userTensors({
  itemCount,
  rowCount,
  users,
  rows,
  items,
  weights,
  profileEmbeddings,
  sample,
  touched,
}: UserRows): UserBatch {
  return {
    userCount: rowCount,
    itemCount,
    rows: tf.tensor1d(rows, "int32"),
    items: tf.tensor1d(items, "int32"),
    weights: tf.tensor1d(weights, "float32"),
    ...(users && { users: tf.tensor1d(users, "int32") }),
    ...(profileEmbeddings && {
      profileEmbeddings: tf.tensor2d(profileEmbeddings.values, [rowCount, profileEmbeddings.columnCount]),
    }),
    ...(sample && {
      sample: {
        items: tf.tensor1d(sample.items, "int32"),
        logWeights: tf.tensor1d(sample.logWeights, "float32"),
        places: tf.tensor1d(sample.places, "int32"),
      },
    }),
    ...(touched && {
      touched: {
        rowCount: touched.ids.length,
        items: tf.tensor1d(touched.items, "int32"),
        ...(touched.samples && { samples: tf.tensor1d(touched.samples, "int32") }),
      },
    }),
  };
}

/** The tensors of a batch of pairs. The caller disposes of them. */
export function pairTensors({ itemCount, users, positives, negatives }: PairRows): PairBatch {
  const pairCount = users.length;
  const negativesOfPair = pairCount === 0 ? 1 : negatives.length / pairCount;
  return {
    pairCount,
    itemCount,
    users: tf.tensor1d(users, "int32"),
    positives: tf.tensor1d(positives, "int32"),
    negatives: tf.tensor2d(negatives, [pairCount, negativesOfPair], "int32"),
  };
}
