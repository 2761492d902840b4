import type { InteractionBatch, InteractionRows } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";

/** The tensors of a batch; the caller disposes of them. */
export function batchTensors({
  itemCount,
  users,
  rows,
  items,
  weights,
  profiles,
}: InteractionRows): InteractionBatch {
  return {
    userCount: users.length,
    itemCount,
    users: tf.tensor1d(users, "int32"),
    rows: tf.tensor1d(rows, "int32"),
    items: tf.tensor1d(items, "int32"),
    weights: tf.tensor1d(weights, "float32"),
    ...(profiles
      ? { profiles: tf.tensor2d(profiles.values, [profiles.rowCount, profiles.columnCount]) }
      : {}),
  };
}
