import { causeMessage, InvalidDataError } from "@dmrec/core";
import { z } from "zod";
import { TfIdfEncoder } from "./tf-idf-encoder";

const format = "dmrec-tf-idf-1";

/** Numbers as the base64 of their float32 bytes, little-endian. */
const numbers = z.base64().transform((text, context) => {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
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

type EncoderContent = z.input<typeof fileSchema>;

/** An encoder as JSON, for a file or a web page. */
export function serializeTfIdfEncoder({ state, modelId }: TfIdfEncoder): string {
  const { width, vocabulary, projection } = state;
  const content: EncoderContent = {
    format,
    modelId,
    width,
    terms: [...vocabulary.terms],
    inverseDocumentFrequencies: toBase64(vocabulary.inverseDocumentFrequencies),
    projection: toBase64(projection),
  };
  return JSON.stringify(content);
}

/**
 * The encoder that {@link serializeTfIdfEncoder} wrote. It gives the same embeddings, to the bit.
 *
 * @param source The name of the text's source, for messages.
 * @throws InvalidDataError for another kind of text, or a damaged one.
 */
export function parseTfIdfEncoder(text: string, source = "the encoder"): TfIdfEncoder {
  const expected = "a file that saveTfIdfEncoder wrote";
  const parsed = fileSchema.safeParse(parseJson(text, source, expected));
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    const location = path.join(".") || "the whole";
    throw new InvalidDataError({ source, location, actual: message, expected });
  }
  const { width, terms, inverseDocumentFrequencies, projection, modelId } = parsed.data;
  const encoder = new TfIdfEncoder({ width, vocabulary: { terms, inverseDocumentFrequencies }, projection });
  if (encoder.modelId === modelId) return encoder;
  throw new InvalidDataError({ source, actual: "contents that were changed", expected });
}

function parseJson(text: string, source: string, expected: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidDataError({ source, actual: `no JSON (${causeMessage(cause)})`, expected, cause });
  }
}

/** The float32 bytes of numbers as base64, little-endian. */
function toBase64({ buffer, byteOffset, byteLength }: Float32Array): string {
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  // In pieces, because the number of arguments of a call is limited.
  let binary = "";
  for (let start = 0; start < bytes.length; start += 8192)
    binary += String.fromCharCode(...bytes.subarray(start, start + 8192));
  return btoa(binary);
}
