import { readFile } from "node:fs/promises";
import { InvalidDataError } from "@dmrec/core";

/** @throws InvalidDataError where the file cannot be read. */
export async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    const actual = `cannot be read (${cause instanceof Error ? cause.message : cause})`;
    throw new InvalidDataError({ source: file, actual, expected: "a readable file", cause });
  }
}
