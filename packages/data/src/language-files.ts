import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { assertShape, InvalidDataError, type ProfileEmbeddings, type SplitDataset } from "@dmrec/core";
import { listFolder } from "./folder/find-file";
import { readLanguage } from "./folder/read-language";
import { writeNpy } from "./formats/npy";

/**
 * Reads the embeddings of a folder: `user_embeddings.npy` and `item_embeddings.npy`, or RLMRec's `usr_emb_np.pkl` and
 * `itm_emb_np.pkl`.
 *
 * @throws InvalidDataError where they are missing, damaged, not finite, or of two widths.
 */
export async function readProfileEmbeddings(folder: string): Promise<ProfileEmbeddings> {
  const found = await readLanguage(await listFolder(folder));
  if (found) return { users: found.users, items: found.items };
  const expected = "user_embeddings.npy and item_embeddings.npy, or usr_emb_np.pkl and itm_emb_np.pkl";
  throw new InvalidDataError({ source: folder, actual: "no embeddings", expected });
}

/**
 * Writes the embeddings of a dataset into a folder as `loadDataset` and NumPy read them: `user_embeddings.npy`,
 * `item_embeddings.npy`, and the identifiers of their rows where those are not row numbers. Each file is the old one or
 * the new one, whenever the process dies.
 *
 * @throws InvalidDataError for a dataset without embeddings.
 * @throws ShapeMismatchError where the embeddings are not one for each user and item.
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
    throw new InvalidDataError({
      source: name,
      actual: "no embeddings",
      expected: "those of users and items",
    });
  }
  const { users, items } = profileEmbeddings;
  assertShape(
    "the user embeddings",
    [users.rowCount, users.columnCount],
    [userIds.length, items.columnCount],
  );
  assertShape("the item embeddings", [items.rowCount], [itemIds.length]);
  await mkdir(folder, { recursive: true });
  for (const [kind, matrix, ids] of [
    ["user", users, userIds],
    ["item", items, itemIds],
  ] as const) {
    await replace(join(folder, `${kind}_embeddings.npy`), (file) => writeNpy(file, matrix));
    if (ids.some((id, row) => id !== String(row)))
      await replace(join(folder, `${kind}_ids.json`), (file) => writeFile(file, JSON.stringify(ids)));
  }
}

async function replace(file: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  await write(temporary);
  await rename(temporary, file);
}
