import type { DenseMatrix } from "@dmrec/core";

type Numbers = Float32Array | Float64Array | Int32Array | Uint8Array;
type Decoder = {
  readonly size: number;
  readonly read: (view: DataView, offset: number, littleEndian: boolean) => number;
};

const decoders: Readonly<Record<string, Decoder>> = {
  f2: { size: 2, read: (view, offset, little) => halfToNumber(view.getUint16(offset, little)) },
  f4: { size: 4, read: (view, offset, little) => view.getFloat32(offset, little) },
  f8: { size: 8, read: (view, offset, little) => view.getFloat64(offset, little) },
  b1: { size: 1, read: (view, offset) => view.getUint8(offset) },
  i1: { size: 1, read: (view, offset) => view.getInt8(offset) },
  u1: { size: 1, read: (view, offset) => view.getUint8(offset) },
  i2: { size: 2, read: (view, offset, little) => view.getInt16(offset, little) },
  u2: { size: 2, read: (view, offset, little) => view.getUint16(offset, little) },
  i4: { size: 4, read: (view, offset, little) => view.getInt32(offset, little) },
  u4: { size: 4, read: (view, offset, little) => view.getUint32(offset, little) },
  i8: { size: 8, read: (view, offset, little) => Number(view.getBigInt64(offset, little)) },
  u8: { size: 8, read: (view, offset, little) => Number(view.getBigUint64(offset, little)) },
};

/** The bytes of one element of a NumPy type such as `f4`, without its byte order; undefined where it is none of numbers. */
export function numpyElementSize(type: string): number | undefined {
  return decoders[type]?.size;
}

/** Decodes elements of a NumPy type; `byteOrder` is `<`, `>`, `|` or `=`. `bytes` holds them all. */
export function decodeNumpyElements(
  bytes: Uint8Array,
  type: string,
  byteOrder: string,
  count: number,
): Numbers {
  const { size, read } = decoders[type];
  const littleEndian = byteOrder !== ">";
  // The common types are copied whole; the copy is aligned.
  const copy = () => new Uint8Array(bytes.subarray(0, count * size)).buffer;
  if (littleEndian && type === "f4") return new Float32Array(copy());
  if (littleEndian && type === "f8") return new Float64Array(copy());
  if (littleEndian && type === "i4") return new Int32Array(copy());
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float64Array.from({ length: count }, (_, index) => read(view, index * size, littleEndian));
}

/** A matrix of given elements, stored row after row, or column after column in Fortran's order. */
export function matrixOfElements(
  elements: Numbers,
  rowCount: number,
  columnCount: number,
  fortranOrder: boolean,
): DenseMatrix {
  if (!fortranOrder)
    return {
      rowCount,
      columnCount,
      values: elements instanceof Float32Array ? elements : Float32Array.from(elements),
    };
  const values = new Float32Array(rowCount * columnCount);
  for (let row = 0; row < rowCount; row += 1) {
    for (let column = 0; column < columnCount; column += 1)
      values[row * columnCount + column] = elements[column * rowCount + row];
  }
  return { rowCount, columnCount, values };
}

/** The number of an IEEE 754 half. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
