import { InvalidDataError, type UserBatch } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";

/**
 * The profile embeddings of a batch, `[users, width]`: its own if it has any, else the rows of its users.
 *
 * @param table The profile embeddings of all users, `[all users, width]`.
 * @throws InvalidDataError for a batch with neither users nor profile embeddings.
 */
export function profilesOf(table: tf.Tensor2D, { profileEmbeddings, users }: UserBatch): tf.Tensor2D {
  if (profileEmbeddings) return profileEmbeddings;
  if (users) return tf.gather(table, users);
  throw new InvalidDataError({
    source: "the batch",
    actual: "neither users nor profile embeddings",
    expected: "the users' indices or profile embeddings of the rows",
  });
}
