import { readFile } from "node:fs/promises";
import { causeMessage, FileError } from "@dmrec/core";
import { replaceFile } from "@dmrec/core/files";
import { parseTfIdfEncoder, serializeTfIdfEncoder } from "./encoder-format";
import type { TfIdfEncoder } from "./tf-idf-encoder";

/**
 * Writes an encoder as one JSON file. Whenever the process dies, the file is the old one or the new one.
 *
 * @throws FileError if it cannot be written.
 */
export async function saveTfIdfEncoder(encoder: TfIdfEncoder, file: string): Promise<void> {
  await replaceFile(file, serializeTfIdfEncoder(encoder));
}

/**
 * Reads an encoder that {@link saveTfIdfEncoder} wrote. It gives the same embeddings, to the bit.
 *
 * @throws FileError if the file cannot be read.
 * @throws InvalidDataError for another kind of file, or a damaged one.
 */
export async function loadTfIdfEncoder(file: string): Promise<TfIdfEncoder> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new FileError(file, `cannot be read (${causeMessage(cause)})`, { cause });
  });
  return parseTfIdfEncoder(text, file);
}
