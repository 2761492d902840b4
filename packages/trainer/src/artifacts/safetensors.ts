import { FileError } from "@dmrec/core";
import { z } from "zod";

/** A float32 array of any rank, on the host. */
export interface NamedArray {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export type NamedArrays = Readonly<Record<string, NamedArray>>;

const headerSchema = z.object({ __metadata__: z.record(z.string(), z.string()).optional() }).catchall(
  z.object({
    dtype: z.literal("F32"),
    shape: z.array(z.int().nonnegative()),
    data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
  }),
);

/**
 * Arrays in the safetensors format: the length of a JSON header (64 bits, little-endian), the header, the values.
 *
 * Own code because the format is this short and no maintained library for it installs without a download.
 */
export function encodeSafetensors(
  arrays: NamedArrays,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const entries = Object.entries(arrays);
  let length = 0;
  const layout = entries.map(([name, { shape, values }]) => {
    const start = length;
    length += values.byteLength;
    return [name, { dtype: "F32", shape, data_offsets: [start, length] }] as const;
  });
  const json = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(layout) });
  // Padded with spaces, so that the values are aligned.
  const header = Buffer.from(json + " ".repeat(-Buffer.byteLength(json) & 7));
  const bytes = new Uint8Array(8 + header.length + length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  let offset = 8 + header.length;
  for (const [, { values }] of entries) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset);
    offset += values.byteLength;
  }
  return bytes;
}

/** @throws FileError naming `file` if the bytes are not a complete safetensors file of float32 arrays. */
export function decodeSafetensors(
  bytes: Uint8Array,
  file: string,
): { readonly arrays: NamedArrays; readonly metadata: Readonly<Record<string, string>> } {
  const headerLength =
    bytes.length < 8 ? Number.POSITIVE_INFINITY : Number(view(bytes).getBigUint64(0, true));
  const start = 8 + headerLength;
  if (start > bytes.length) {
    throw new FileError(
      file,
      `ends after ${bytes.length} bytes; expected a safetensors header up to byte ${start}`,
    );
  }
  const header = headerSchema.safeParse(parseJson(Buffer.from(bytes.subarray(8, start)).toString("utf8")));
  if (!header.success) throw new FileError(file, "has no valid safetensors header of float32 arrays");
  const { __metadata__: metadata = {}, ...layout } = header.data;
  const arrays = Object.entries(layout).map(
    ([
      name,
      {
        shape,
        data_offsets: [from, to],
      },
    ]) => {
      const size = 4 * shape.reduce((product, axis) => product * axis, 1);
      if (to - from !== size || start + to > bytes.length) {
        throw new FileError(
          file,
          `array "${name}" spans bytes ${start + from} to ${start + to} of ${bytes.length}; expected ${size} bytes within the file`,
        );
      }
      return [
        name,
        { shape, values: new Float32Array(new Uint8Array(bytes.subarray(start + from, start + to)).buffer) },
      ] as const;
    },
  );
  return { arrays: Object.fromEntries(arrays), metadata };
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
