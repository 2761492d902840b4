import { readFile } from "node:fs/promises";
import { CheckpointError, InvalidDataError } from "@dmrec/core";
import writeFileAtomic from "write-file-atomic";
import { z } from "zod";
import { TfIdfEncoder } from "./tf-idf-encoder";

const format = "dmrec-tf-idf-1";

/** Numbers as the base64 of their float32 bytes, little-endian. */
const numbers = z.base64().transform((text, context) => {
  const bytes = new Uint8Array(Buffer.from(text, "base64"));
  if (bytes.length % 4 === 0) {
    const values = new Float32Array(bytes.buffer, 0, bytes.length / 4);
    if (values.every(Number.isFinite)) return values;
  }
  context.addIssue("no finite float32 numbers");
  return z.NEVER;
});

const fileSchema = z
  .object({
    format: z.literal(format),
    width: z.int().positive(),
    terms: z.array(z.string()).min(1),
    inverseDocumentFrequencies: numbers,
    projection: numbers,
    modelId: z.string(),
  })
  .refine(({ terms, inverseDocumentFrequencies }) => inverseDocumentFrequencies.length === terms.length, {
    error: "must have a number for each term",
    path: ["inverseDocumentFrequencies"],
  })
  .refine(
    ({ terms, projection, width }) =>
      projection.length % terms.length === 0 && projection.length <= terms.length * width,
    { error: "must have a row for each term, no wider than the embeddings", path: ["projection"] },
  );

/**
 * Writes an encoder as one JSON file; whenever the process dies, the file is the old one or the new one.
 *
 * @throws CheckpointError where it cannot be written.
 */
export async function saveTfIdfEncoder({ state, modelId }: TfIdfEncoder, file: string): Promise<void> {
  const { width, vocabulary, projection } = state;
  const content: z.input<typeof fileSchema> = {
    format,
    modelId,
    width,
    terms: [...vocabulary.terms],
    inverseDocumentFrequencies: base64(vocabulary.inverseDocumentFrequencies),
    projection: base64(projection),
  };
  await writeFileAtomic(file, JSON.stringify(content)).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CheckpointError(file, `could not be written (${reason})`, { cause });
  });
}

/**
 * Reads an encoder that {@link saveTfIdfEncoder} wrote; it gives the same embeddings as that one, to the bit.
 *
 * @throws InvalidDataError for another kind of file, or a damaged one.
 */
export async function loadTfIdfEncoder(file: string): Promise<TfIdfEncoder> {
  const expected = "a file that saveTfIdfEncoder wrote";
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    const actual = `cannot be read (${cause instanceof Error ? cause.message : cause})`;
    throw new InvalidDataError({ source: file, actual, expected, cause });
  }
  const parsed = fileSchema.safeParse(content);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    const location = path.join(".") || "the whole";
    throw new InvalidDataError({ source: file, location, actual: message, expected });
  }
  const { width, terms, inverseDocumentFrequencies, projection, modelId } = parsed.data;
  const encoder = new TfIdfEncoder({ width, vocabulary: { terms, inverseDocumentFrequencies }, projection });
  if (encoder.modelId === modelId) return encoder;
  throw new InvalidDataError({ source: file, actual: "contents that were changed", expected });
}

const base64 = ({ buffer, byteOffset, byteLength }: Float32Array) =>
  Buffer.from(buffer, byteOffset, byteLength).toString("base64");
