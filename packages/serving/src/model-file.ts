import { InvalidDataError } from "@dmrec/core";
import protobuf from "protobufjs/light.js";
import { z } from "zod";

/** The part of the ONNX file format that holds a model's own notes. */
const modelMessage = protobuf.Root.fromJSON({
  nested: {
    ModelProto: { fields: { metadataProps: { id: 14, type: "StringStringEntryProto", rule: "repeated" } } },
    StringStringEntryProto: {
      fields: { key: { id: 1, type: "string" }, value: { id: 2, type: "string" } },
    },
  },
}).lookupType("ModelProto");

const notesSchema = z.object({
  metadataProps: z.array(z.object({ key: z.string(), value: z.string() })),
});

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue("not JSON");
    return z.NEVER;
  }
});

const metadataSchema = z.object({
  format: z.literal("dmrec-recommender-1"),
  model: z.string(),
  configuration: json,
  items: json.pipe(z.object({ ids: z.array(z.string()), names: z.array(z.string()).optional() })),
});

/** What an exported recommender says about itself. */
export type ModelMetadata = z.output<typeof metadataSchema>;

/**
 * Reads the metadata of an exported recommender.
 *
 * @param source The file's name, for messages.
 * @throws InvalidDataError for another kind of file, or a damaged one.
 */
export function readMetadata(bytes: Uint8Array, source: string): ModelMetadata {
  const expected = "an ONNX file that exportOnnx of @dmrec/trainer wrote";
  if (bytes.length === 0) throw new InvalidDataError({ source, actual: "an empty file", expected });
  const entries = toEntries(bytes, source, expected);
  const metadata = metadataSchema.safeParse(Object.fromEntries(entries));
  if (metadata.success) return metadata.data;
  const [{ path, message }] = metadata.error.issues;
  throw new InvalidDataError({
    source,
    actual: `metadata whose ${path.join(".")} is wrong (${message})`,
    expected,
  });
}

function toEntries(bytes: Uint8Array, source: string, expected: string): [string, string][] {
  try {
    const notes = notesSchema.parse(modelMessage.toObject(modelMessage.decode(bytes), { arrays: true }));
    return notes.metadataProps.map(({ key, value }) => [key, value]);
  } catch (cause) {
    throw new InvalidDataError({ source, actual: "no ONNX file, or a damaged one", expected, cause });
  }
}
