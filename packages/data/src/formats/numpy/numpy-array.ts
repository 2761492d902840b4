import type { DenseMatrix } from "@dmrec/core";

/** Elements of an array, in the order in which they are stored. */
export type NumpyElements = Float32Array | Float64Array | Int32Array;

/** The storage of the elements of one type. */
export interface NumpyElementType {
  /** Bytes an element. */
  readonly size: number;
  /** Decodes all of the bytes, a multiple of `size`. Integers beyond 2^53 lose digits. */
  readonly decode: (bytes: Uint8Array) => NumpyElements;
}

type ReadElement = (view: DataView, offset: number, littleEndian: boolean) => number;

const elementReaders: ReadonlyMap<string, readonly [size: number, read: ReadElement]> = new Map([
  ["b1", [1, (view, offset) => view.getUint8(offset)]],
  ["i1", [1, (view, offset) => view.getInt8(offset)]],
  ["u1", [1, (view, offset) => view.getUint8(offset)]],
  ["i2", [2, (view, offset, littleEndian) => view.getInt16(offset, littleEndian)]],
  ["u2", [2, (view, offset, littleEndian) => view.getUint16(offset, littleEndian)]],
  ["i4", [4, (view, offset, littleEndian) => view.getInt32(offset, littleEndian)]],
  ["u4", [4, (view, offset, littleEndian) => view.getUint32(offset, littleEndian)]],
  ["i8", [8, (view, offset, littleEndian) => Number(view.getBigInt64(offset, littleEndian))]],
  ["u8", [8, (view, offset, littleEndian) => Number(view.getBigUint64(offset, littleEndian))]],
  ["f2", [2, (view, offset, littleEndian) => halfToNumber(view.getUint16(offset, littleEndian))]],
  ["f4", [4, (view, offset, littleEndian) => view.getFloat32(offset, littleEndian)]],
  ["f8", [8, (view, offset, littleEndian) => view.getFloat64(offset, littleEndian)]],
]);

/**
 * The element type of a NumPy name such as `f4` in a byte order (`<`, `>`, `=` or `|`). Undefined if its elements are
 * not real numbers.
 */
export function numpyElementType(name: string, byteOrder: string): NumpyElementType | undefined {
  const reader = elementReaders.get(name);
  if (!reader || !/^[<>=|]$/.test(byteOrder)) return undefined;
  const [size, read] = reader;
  const littleEndian = byteOrder !== ">";
  const decode = (bytes: Uint8Array): NumpyElements => {
    // The common types are copied whole; the copy is aligned.
    if (littleEndian && name === "f4") return new Float32Array(new Uint8Array(bytes).buffer);
    if (littleEndian && name === "f8") return new Float64Array(new Uint8Array(bytes).buffer);
    if (littleEndian && name === "i4") return new Int32Array(new Uint8Array(bytes).buffer);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const elements = new Float64Array(bytes.length / size);
    for (let index = 0; index < elements.length; index += 1) {
      elements[index] = read(view, index * size, littleEndian);
    }
    return elements;
  };
  return { size, decode };
}

/** True for a value that can be the length of a dimension: an integer that fits an index of 32 bits. */
export function isDimension(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 31;
}

/** A matrix from elements that are stored row after row, or column after column in Fortran's order. */
export function matrixOfElements(
  elements: NumpyElements,
  rowCount: number,
  columnCount: number,
  fortranOrder: boolean,
): DenseMatrix {
  const stored = elements instanceof Float32Array ? elements : Float32Array.from(elements);
  if (!fortranOrder) return { rowCount, columnCount, values: stored };
  const values = new Float32Array(stored.length);
  for (let position = 0; position < stored.length; position += 1) {
    const [row, column] = [position % rowCount, Math.floor(position / rowCount)];
    values[row * columnCount + column] = stored[position];
  }
  return { rowCount, columnCount, values };
}

/** The number that the bits of an IEEE 754 half encode. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
