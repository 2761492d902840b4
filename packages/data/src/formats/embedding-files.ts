import { mkdir } from "node:fs/promises";
import { extname, join } from "node:path";
import {
  assertShape,
  causeMessage,
  type DenseMatrix,
  FileError,
  InvalidDataError,
  type ProfileEmbeddings,
  type SplitDataset,
} from "@dmrec/core";
import { replaceFile } from "@dmrec/core/files";
import { type FolderListing, findFile, listFolder } from "../files/folder-listing";
import { readNpy, writeNpy } from "./numpy/npy";
import { readPickledArray } from "./pickle/pickled-array";

/** The two files of a dataset's embeddings. */
export interface EmbeddingFiles {
  readonly users: string;
  readonly items: string;
}

const userNames = ["user_embeddings.npy", "user_embeddings.pkl", "usr_emb_np.pkl"];
const itemNames = ["item_embeddings.npy", "item_embeddings.pkl", "itm_emb_np.pkl"];

/**
 * Finds the files of embeddings in a folder.
 *
 * @throws InvalidDataError if only one of the two is there.
 */
export function findEmbeddingFiles(listing: FolderListing): EmbeddingFiles | undefined {
  const [users, items] = [findFile(listing, userNames), findFile(listing, itemNames)];
  if (users !== undefined && items !== undefined) return { users, items };
  const found = users ?? items;
  if (found === undefined) return undefined;
  const [missing, names] = users === undefined ? ["users", userNames] : ["items", itemNames];
  throw new InvalidDataError({
    source: listing.folder,
    actual: `no embeddings of ${missing} beside ${found}`,
    expected: `both, or neither: also one of ${names.join(", ")}`,
  });
}

/**
 * Reads the embeddings of users and items.
 *
 * @throws InvalidDataError if a file is damaged or not finite, or if the two differ in width.
 */
export async function readEmbeddingFiles(files: EmbeddingFiles): Promise<ProfileEmbeddings> {
  const [users, items] = [await readMatrix(files.users), await readMatrix(files.items)];
  if (users.columnCount !== items.columnCount) {
    throw new InvalidDataError({
      source: files.users,
      actual: `embeddings ${users.columnCount} wide`,
      expected: `${items.columnCount}, the width of ${files.items}`,
    });
  }
  return { users, items };
}

function readMatrix(file: string): Promise<DenseMatrix> {
  return extname(file) === ".npy" ? readNpy(file) : readPickledArray(file);
}

/**
 * Reads the embeddings of a folder: `user_embeddings.npy` and `item_embeddings.npy`, or RLMRec's `usr_emb_np.pkl` and
 * `itm_emb_np.pkl`.
 *
 * @throws InvalidDataError if they are missing, damaged or not finite, or differ in width.
 * @example
 * const { users, items } = await readProfileEmbeddings("data/books");
 */
export async function readProfileEmbeddings(folder: string): Promise<ProfileEmbeddings> {
  const files = findEmbeddingFiles(await listFolder(folder));
  if (files) return readEmbeddingFiles(files);
  const expected = "user_embeddings.npy and item_embeddings.npy, or usr_emb_np.pkl and itm_emb_np.pkl";
  throw new InvalidDataError({ source: folder, actual: "no embeddings", expected });
}

/**
 * Writes the embeddings of a dataset into a folder, in the form that `loadDataset` and NumPy read:
 * `user_embeddings.npy`, `item_embeddings.npy`, and the identifiers of their rows if those are not row numbers. Each
 * file is replaced completely or not at all, also if the process dies.
 *
 * @throws InvalidDataError for a dataset without embeddings.
 * @throws ShapeMismatchError if there is not one embedding for each user and item.
 * @throws FileError if the folder or a file cannot be written.
 * @example
 * await writeProfileEmbeddings("data/books", data);
 */
export async function writeProfileEmbeddings(
  folder: string,
  {
    name,
    profileEmbeddings,
    userIds,
    itemIds,
  }: Pick<SplitDataset, "name" | "profileEmbeddings" | "userIds" | "itemIds">,
): Promise<void> {
  if (!profileEmbeddings) {
    const expected = "the embeddings of users and items";
    throw new InvalidDataError({ source: name, actual: "no embeddings", expected });
  }
  const { users, items } = profileEmbeddings;
  assertShape(
    "the user embeddings",
    [users.rowCount, users.columnCount],
    [userIds.length, items.columnCount],
  );
  assertShape("the item embeddings", [items.rowCount], [itemIds.length]);
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new FileError(folder, `cannot be made a folder (${causeMessage(cause)})`, { cause });
  }
  for (const [entity, matrix, ids] of [
    ["user", users, userIds],
    ["item", items, itemIds],
  ] as const) {
    await writeNpy(join(folder, `${entity}_embeddings.npy`), matrix);
    if (ids.some((id, row) => id !== String(row)))
      await replaceFile(join(folder, `${entity}_ids.json`), JSON.stringify(ids));
  }
}
