import { assertFiniteMatrix, assertShape, type DenseMatrix, InvalidDataError } from "@dmrec/core";
import { replaceFile } from "@dmrec/core/files";
import { readBytes } from "../../files/read-file";
import { isDimension, matrixOfElements, numpyElementType } from "./numpy-array";

const magic = "\u0093NUMPY";

/**
 * Reads a matrix of real numbers from a `.npy` file, versions 1 to 3 of the format, as float32.
 *
 * @throws InvalidDataError naming the byte, or the row and column of a value that is not finite.
 */
export async function readNpy(file: string): Promise<DenseMatrix> {
  const bytes = await readBytes(file);
  const fail = (byte: number, actual: string, expected: string) =>
    new InvalidDataError({ source: file, location: `byte ${byte}`, actual, expected });

  const [headerStart, dataStart] = headerRange(bytes, fail);
  const header = bytes.subarray(headerStart, dataStart).toString("latin1");
  const [, byteOrder = "", typeName = ""] = /'descr': *'([<>|=])(\w+)'/.exec(header) ?? [];
  const type = numpyElementType(typeName, byteOrder);
  const [, order = ""] = /'fortran_order': *(True|False)/.exec(header) ?? [];
  if (!type || order === "") {
    const actual = `the header ${JSON.stringify(header.trim().slice(0, 80))}`;
    throw fail(headerStart, actual, "an array of real numbers");
  }
  const [, lengths = "none"] = /'shape': *\(([\d, ]*)\)/.exec(header) ?? [];
  const [rowCount, columnCount, ...others] = lengths.split(",").filter((length) => length.trim() !== "");
  const shape = [Number(rowCount), Number(columnCount)];
  if (others.length > 0 || !shape.every(isDimension)) {
    throw fail(headerStart, `an array of shape (${lengths})`, "two dimensions");
  }
  const [rows, columns] = shape;
  const dataEnd = dataStart + rows * columns * type.size;
  if (bytes.length !== dataEnd) {
    const excess = bytes.length - dataEnd;
    const actual = excess > 0 ? `${excess} bytes too many` : "ends early";
    const expected = `${rows} × ${columns} elements of ${type.size} bytes, up to byte ${dataEnd}`;
    throw fail(Math.min(bytes.length, dataEnd), actual, expected);
  }
  const matrix = matrixOfElements(type.decode(bytes.subarray(dataStart)), rows, columns, order === "True");
  assertFiniteMatrix(matrix, file);
  return matrix;
}

/** The first byte of the header, and the first byte after it. */
function headerRange(
  bytes: Buffer,
  fail: (byte: number, actual: string, expected: string) => InvalidDataError,
): readonly [start: number, end: number] {
  if (bytes.subarray(0, 6).toString("latin1") !== magic) {
    throw fail(0, "no .npy file", "the bytes \\x93NUMPY");
  }
  const version = bytes[6] ?? 1;
  if (version < 1 || version > 3) throw fail(6, `version ${version}`, "version 1, 2 or 3");
  const start = version === 1 ? 10 : 12;
  const length = start > bytes.length ? 0 : version === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8);
  const end = start + length;
  if (end > bytes.length) throw fail(bytes.length, "ends early", `a header up to byte ${end}`);
  return [start, end];
}

/**
 * Writes a matrix as float32, in version 1 of the format. The file is replaced completely or not at all.
 *
 * @throws ShapeMismatchError if the matrix does not have rows times columns values.
 * @throws FileError if the file cannot be written.
 * @example
 * await writeNpy("item_embeddings.npy", { rowCount: 2, columnCount: 3, values: Float32Array.of(1, 2, 3, 4, 5, 6) });
 */
export async function writeNpy(file: string, { rowCount, columnCount, values }: DenseMatrix): Promise<void> {
  assertShape("the matrix's values", [values.length], [rowCount * columnCount]);
  const description = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rowCount}, ${columnCount}), }`;
  // Magic, version and length take 10 bytes; all of the header is a multiple of 64 long and ends in a newline.
  const padded = `${description.padEnd(Math.ceil((description.length + 11) / 64) * 64 - 11)}\n`;
  const prefix = Buffer.from(`${magic}\u0001\u0000\u0000\u0000`, "latin1");
  prefix.writeUInt16LE(padded.length, 8);
  const data = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  await replaceFile(file, Buffer.concat([prefix, Buffer.from(padded, "latin1"), data]));
}
