import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ProfileEmbeddings } from "@dmrec/core";
import { readNpy, writeNpy } from "@dmrec/data";
import { saveTfIdfEncoder } from "@dmrec/encoders";
import type { ComparisonData } from "../comparison-data";
import { makeDirectory } from "../make-directory";
import { type RunRecord, runFiles } from "./run-record";

/** The files of a folder with embeddings. */
function embeddingFiles(folder: string) {
  return { users: join(folder, "user_embeddings.npy"), items: join(folder, "item_embeddings.npy") };
}

/**
 * The part of a record that says where the embeddings are. Only those of a pretrained encoder are kept: to make them again takes
 * long, and another machine rounds them differently.
 *
 * @param folder The folder, from the run's directory.
 */
export function keptPlace(made: ComparisonData, folder: string): Pick<RunRecord, "embeddingsFolder"> {
  return isPretrainedData(made) ? { embeddingsFolder: folder } : {};
}

/**
 * Keeps the embeddings of a pretrained encoder in a folder.
 *
 * @throws FileError if they cannot be written.
 */
export async function keepEmbeddings(made: ComparisonData, folder: string): Promise<void> {
  const { profileEmbeddings } = made.data;
  if (!isPretrainedData(made) || !profileEmbeddings) return;
  const files = embeddingFiles(folder);
  await makeDirectory(folder);
  await writeNpy(files.users, profileEmbeddings.users);
  await writeNpy(files.items, profileEmbeddings.items);
}

/**
 * Keeps an encoder that was fitted on the data in the directory of a run.
 *
 * @throws FileError if it cannot be written.
 */
export async function keepEncoder({ encoder }: ComparisonData, directory: string): Promise<void> {
  if (encoder?.fitted) await saveTfIdfEncoder(encoder.fitted, runFiles(directory).encoder);
}

/**
 * Reads the embeddings that {@link keepEmbeddings} kept; undefined if there are none.
 *
 * @throws InvalidDataError if a file is damaged.
 */
export async function readEmbeddings(folder: string): Promise<ProfileEmbeddings | undefined> {
  const files = embeddingFiles(folder);
  if (!existsSync(files.users) || !existsSync(files.items)) return undefined;
  return { users: await readNpy(files.users), items: await readNpy(files.items) };
}

/** True if a pretrained encoder embedded the data. */
function isPretrainedData({ encoder }: ComparisonData): boolean {
  return encoder !== undefined && encoder.fitted === undefined;
}
