import { extname } from "node:path";
import { type DenseMatrix, InvalidDataError, type ProfileEmbeddings } from "@dmrec/core";
import { readNpy } from "../formats/npy";
import { readPickledArray } from "../formats/pickled-array";
import { type FolderListing, findFile } from "./find-file";

/** Embeddings with the files they came from, for messages. */
export interface LanguageFiles extends ProfileEmbeddings {
  readonly userFile: string;
  readonly itemFile: string;
}

const userNames = ["user_embeddings.npy", "user_embeddings.pkl", "usr_emb_np.pkl"];
const itemNames = ["item_embeddings.npy", "item_embeddings.pkl", "itm_emb_np.pkl"];

/**
 * The embeddings of a folder, or undefined where it has none.
 *
 * @throws InvalidDataError where one of the two files is missing, damaged, not finite, or of another width.
 */
export async function readLanguage(listing: FolderListing): Promise<LanguageFiles | undefined> {
  const [userFile, itemFile] = [findFile(listing, userNames), findFile(listing, itemNames)];
  if (userFile === undefined && itemFile === undefined) return undefined;
  if (userFile === undefined || itemFile === undefined) {
    throw new InvalidDataError({
      source: listing.folder,
      actual: `embeddings of ${userFile === undefined ? "items" : "users"} alone (${userFile ?? itemFile})`,
      expected: `both, or neither: also one of ${(userFile === undefined ? userNames : itemNames).join(", ")}`,
    });
  }
  const [users, items] = [await readMatrix(userFile), await readMatrix(itemFile)];
  if (users.columnCount !== items.columnCount) {
    throw new InvalidDataError({
      source: userFile,
      actual: `embeddings ${users.columnCount} wide`,
      expected: `${items.columnCount}, the width of ${itemFile}`,
    });
  }
  return { users, items, userFile, itemFile };
}

function readMatrix(file: string): Promise<DenseMatrix> {
  return extname(file) === ".npy" ? readNpy(file) : readPickledArray(file);
}
