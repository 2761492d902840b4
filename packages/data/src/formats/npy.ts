import { writeFile } from "node:fs/promises";
import { type DenseMatrix, InvalidDataError } from "@dmrec/core";
import { assertFinite } from "./finite";
import { decodeNumpyElements, matrixOfElements, numpyElementSize } from "./numpy-array";
import { readBytes } from "./read-bytes";

const magic = "\u0093NUMPY";

/**
 * Reads a matrix of numbers from a `.npy` file, versions 1 to 3 of the format.
 *
 * @throws InvalidDataError naming the byte, or the row and column of a value that is not finite.
 */
export async function readNpy(file: string): Promise<DenseMatrix> {
  const bytes = await readBytes(file);
  const fail = (location: string, actual: string, expected: string) =>
    new InvalidDataError({ source: file, location, actual, expected });
  if (bytes.subarray(0, 6).toString("latin1") !== magic)
    throw fail("byte 0", "no .npy file", "the bytes \\x93NUMPY");
  if (bytes.length < 12) throw fail(`byte ${bytes.length}`, "ends within its header", "a .npy header");
  const version = bytes[6];
  if (version < 1 || version > 3) throw fail("byte 6", `version ${version}`, "version 1, 2 or 3");
  const start = version === 1 ? 10 + bytes.readUInt16LE(8) : 12 + bytes.readUInt32LE(8);
  if (start > bytes.length)
    throw fail(`byte ${bytes.length}`, "ends within its header", `a header up to byte ${start}`);
  const header = bytes.subarray(version === 1 ? 10 : 12, start).toString("latin1");

  const descriptor = /'descr':\s*'([<>|=])(\w+)'/.exec(header);
  const size = descriptor ? numpyElementSize(descriptor[2]) : undefined;
  if (!descriptor || size === undefined) {
    throw fail("the header", header.trim().slice(0, 80), "elements that are numbers");
  }
  const shape = /'shape':\s*\(\s*(\d+)\s*,\s*(\d+)\s*,?\s*\)/.exec(header);
  if (!shape)
    throw fail(
      "the header",
      `shape ${/'shape':\s*(\([^)]*\))/.exec(header)?.[1] ?? "unknown"}`,
      "two dimensions",
    );
  const [rowCount, columnCount] = [Number(shape[1]), Number(shape[2])];
  const end = start + rowCount * columnCount * size;
  if (bytes.length !== end) {
    const actual = bytes.length < end ? "ends early" : `has ${bytes.length - end} bytes too many`;
    throw fail(`byte ${bytes.length}`, actual, `${rowCount} × ${columnCount} elements up to byte ${end}`);
  }
  const elements = decodeNumpyElements(
    bytes.subarray(start),
    descriptor[2],
    descriptor[1],
    rowCount * columnCount,
  );
  const matrix = matrixOfElements(elements, rowCount, columnCount, /'fortran_order':\s*True/.test(header));
  assertFinite(matrix, file);
  return matrix;
}

/** Writes a matrix as float32, version 1 of the format. */
export async function writeNpy(file: string, { rowCount, columnCount, values }: DenseMatrix): Promise<void> {
  const description = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rowCount}, ${columnCount}), }`;
  // Magic, version and length take 10 bytes; the format wants the whole header in multiples of 64, ended by a newline.
  const padded = `${description.padEnd(Math.ceil((description.length + 11) / 64) * 64 - 11)}\n`;
  const prefix = Buffer.from(`${magic}\u0001\u0000\u0000\u0000`, "latin1");
  prefix.writeUInt16LE(padded.length, 8);
  const data = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  await writeFile(file, Buffer.concat([prefix, Buffer.from(padded, "latin1"), data]));
}
