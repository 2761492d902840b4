import { createHash } from "node:crypto";
import type { DenseMatrix, InteractionMatrix, SplitDataset } from "@dmrec/core";

/** The SHA-256 hash of everything in a dataset that training and evaluation read: the three parts and the embeddings. */
export function fingerprint({ train, validation, test, profileEmbeddings }: SplitDataset): string {
  const hash = createHash("sha256");
  const add = (values: Int32Array | Float32Array) =>
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  const addInteractions = ({ userCount, itemCount, offsets, items, weights }: InteractionMatrix) => {
    hash.update(`interactions ${userCount} ${itemCount} `);
    for (const values of [offsets, items, weights]) add(values);
  };
  const addMatrix = ({ rowCount, columnCount, values }: DenseMatrix) => {
    hash.update(`matrix ${rowCount} ${columnCount} `);
    add(values);
  };
  for (const part of [train, validation, test]) addInteractions(part);
  if (profileEmbeddings)
    for (const matrix of [profileEmbeddings.users, profileEmbeddings.items]) addMatrix(matrix);
  return hash.digest("hex");
}
