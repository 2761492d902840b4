import { type FileHandle, open } from "node:fs/promises";
import { causeMessage, FileError } from "@dmrec/core";
import { z } from "zod";

/** A float32 array of any rank, on the host. */
export interface NamedArray {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export type NamedArrays = Readonly<Record<string, NamedArray>>;

/** The content of a safetensors file. */
export interface SafetensorsFile {
  readonly arrays: NamedArrays;
  readonly metadata: Readonly<Record<string, string>>;
}

const headerSchema = z.object({ __metadata__: z.record(z.string(), z.string()).optional() }).catchall(
  z.object({
    dtype: z.literal("F32"),
    shape: z.array(z.int().nonnegative()),
    data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
  }),
);

/** The most bytes of a header, as in other programs of the format. */
const longestHeader = 100_000_000;
/** The most bytes that one call of the system reads. */
const longestRead = 2 ** 30;

/**
 * Arrays in the safetensors format: the length of a JSON header (64 bits, little-endian), the header, the values.
 *
 * Own code because the format is this short and no maintained library for it installs without a download.
 *
 * @returns The parts of the file, in order. A file may be larger than an array of JavaScript, so the values are not copied: do not
 *   change them before they are written.
 */
export function encodeSafetensors(
  arrays: NamedArrays,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array[] {
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
  const headerLength = Buffer.alloc(8);
  headerLength.writeBigUInt64LE(BigInt(header.length));
  return [
    headerLength,
    header,
    ...entries.map(([, { values }]) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  ];
}

/**
 * Reads a safetensors file, each array into its own memory.
 *
 * @throws FileError if it cannot be read, or is no complete safetensors file of float32 arrays.
 */
export async function readSafetensors(file: string): Promise<SafetensorsFile> {
  try {
    const handle = await open(file);
    try {
      return await read(handle, file);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (FileError.isInstance(cause)) throw cause;
    throw new FileError(file, `cannot be read (${causeMessage(cause)})`, { cause });
  }
}

async function read(handle: FileHandle, file: string): Promise<SafetensorsFile> {
  const { size } = await handle.stat();
  const headerLength =
    size < 8 ? Number.POSITIVE_INFINITY : Number((await bytesAt(handle, 0, 8)).readBigUInt64LE());
  const start = 8 + headerLength;
  if (start > size) {
    throw new FileError(file, `ends after ${size} bytes; expected a safetensors header up to byte ${start}`);
  }
  const isHeader = headerLength <= longestHeader;
  const json = isHeader ? (await bytesAt(handle, 8, headerLength)).toString("utf8") : "";
  const header = headerSchema.safeParse(parseJson(json));
  if (!header.success) throw new FileError(file, "has no valid safetensors header of float32 arrays");
  const { __metadata__: metadata = {}, ...layout } = header.data;
  const arrays: [string, NamedArray][] = [];
  for (const [name, { shape, data_offsets: offsets }] of Object.entries(layout)) {
    const [from, to] = offsets;
    const length = 4 * shape.reduce((product, axis) => product * axis, 1);
    if (to - from !== length || start + to > size) {
      throw new FileError(
        file,
        `array "${name}" spans bytes ${start + from} to ${start + to} of ${size}; expected ${length} bytes within the file`,
      );
    }
    const values = new Float32Array(length / 4);
    await fill(handle, new Uint8Array(values.buffer), start + from);
    arrays.push([name, { shape, values }]);
  }
  return { arrays: Object.fromEntries(arrays), metadata };
}

async function bytesAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  await fill(handle, bytes, position);
  return bytes;
}

/** Fills an array with the bytes of a file from a position on. */
async function fill(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const length = Math.min(bytes.length - done, longestRead);
    const { bytesRead } = await handle.read(bytes, done, length, position + done);
    if (bytesRead === 0) throw new Error("it was cut while it was read");
    done += bytesRead;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
