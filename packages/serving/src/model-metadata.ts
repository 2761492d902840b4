import { type ExportedMetadata, exportedMetadataSchema, InvalidDataError } from "@dmrec/core";
import protobuf from "protobufjs/light.js";
import { z } from "zod";

/** The part of the ONNX file format that holds a model's metadata. */
const modelMessage = protobuf.Root.fromJSON({
  nested: {
    ModelProto: { fields: { metadataProps: { id: 14, type: "StringStringEntryProto", rule: "repeated" } } },
    StringStringEntryProto: {
      fields: { key: { id: 1, type: "string" }, value: { id: 2, type: "string" } },
    },
  },
}).lookupType("ModelProto");

const messageSchema = z.object({
  metadataProps: z.array(z.object({ key: z.string(), value: z.string() })),
});

const expected = "an ONNX file that this version of @dmrec/trainer exported";

/**
 * Reads the metadata of an exported recommender.
 *
 * @param source The file's name, for messages.
 * @throws InvalidDataError for another kind of file, or a damaged one.
 */
export function readMetadata(bytes: Uint8Array, source: string): ExportedMetadata {
  if (bytes.length === 0) throw new InvalidDataError({ source, actual: "an empty file", expected });
  const metadata = exportedMetadataSchema.safeParse(Object.fromEntries(readEntries(bytes, source)));
  if (metadata.success) return metadata.data;
  const [{ path, message }] = metadata.error.issues;
  const actual = `metadata with a wrong ${path.join(".")} (${message})`;
  throw new InvalidDataError({ source, actual, expected });
}

function readEntries(bytes: Uint8Array, source: string): [key: string, value: string][] {
  try {
    const message = modelMessage.toObject(modelMessage.decode(bytes), { arrays: true });
    return messageSchema.parse(message).metadataProps.map(({ key, value }) => [key, value]);
  } catch (cause) {
    throw new InvalidDataError({ source, actual: "no ONNX file, or a damaged one", expected, cause });
  }
}
