import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isDimension, matrixOfElements, numpyElementType } from "./numpy-array";

function decode(name: string, byteOrder: string, ...bytes: number[]): number[] {
  // One byte too early, so that the elements are not aligned.
  const shifted = Uint8Array.from([0, ...bytes]).subarray(1);
  return [...(numpyElementType(name, byteOrder)?.decode(shifted) ?? [])];
}

describe("NumPy's elements", () => {
  it.each([
    ["b1", "|", [0, 1], [0, 1]],
    ["i1", "|", [0x7f, 0x80], [127, -128]],
    ["u1", "|", [0x7f, 0xff], [127, 255]],
    ["i2", "<", [0xfe, 0xff, 0x01, 0x02], [-2, 513]],
    ["i2", ">", [0xff, 0xfe, 0x02, 0x01], [-2, 513]],
    ["u2", "<", [0xfe, 0xff], [65534]],
    ["i4", "<", [0xfe, 0xff, 0xff, 0xff], [-2]],
    ["i4", ">", [0xff, 0xff, 0xff, 0xfe], [-2]],
    ["u4", "<", [0xfe, 0xff, 0xff, 0xff], [4294967294]],
    ["i8", "<", [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [-2]],
    ["i8", ">", [0, 0, 0, 1, 0, 0, 0, 0], [2 ** 32]],
    ["u8", "<", [0, 0, 0, 0, 0, 0, 0, 0x80], [2 ** 63]],
    ["f2", "<", [0x00, 0x3c, 0x00, 0xc0, 0x01, 0x00, 0xff, 0x7b], [1, -2, 2 ** -24, 65504]],
    ["f2", "<", [0x00, 0x7c, 0x00, 0xfc, 0x00, 0x7e], [Infinity, -Infinity, NaN]],
    ["f2", ">", [0x3c, 0x00, 0x80, 0x00], [1, -0]],
    ["f4", "<", [0, 0, 0xc0, 0x3f], [1.5]],
    ["f4", "=", [0, 0, 0xc0, 0x3f], [1.5]],
    ["f4", ">", [0x3f, 0xc0, 0, 0], [1.5]],
    ["f8", "<", [0, 0, 0, 0, 0, 0, 0xf8, 0x3f], [1.5]],
    ["f8", ">", [0x3f, 0xf8, 0, 0, 0, 0, 0, 0], [1.5]],
  ])("of type %s in byte order %s are decoded", (name, byteOrder, bytes, expected) => {
    expect(decode(name, byteOrder, ...bytes)).toEqual(expected);
  });

  it.each([
    ["O", "|"],
    ["c8", "<"],
    ["f16", "<"],
    ["U3", "<"],
    ["constructor", "<"],
    ["f4", "?"],
  ])("of type %s in byte order %s are no numbers", (name, byteOrder) => {
    expect(numpyElementType(name, byteOrder)).toBeUndefined();
  });

  it("are the same matrix in either order", () => {
    const rowAfterRow = matrixOfElements(Float64Array.of(1, 2, 3, 4, 5, 6), 3, 2, false);
    const columnAfterColumn = matrixOfElements(Float64Array.of(1, 3, 5, 2, 4, 6), 3, 2, true);
    expect(columnAfterColumn).toEqual(rowAfterRow);
    expect(rowAfterRow.values).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
  });

  it("of an empty array need no time, whatever its lengths", () => {
    expect(matrixOfElements(new Float32Array(), 2 ** 31 - 1, 0, true).values).toHaveLength(0);
    expect(matrixOfElements(new Float32Array(), 0, 2 ** 31 - 1, true).values).toHaveLength(0);
  });

  it("survive the way through a DataView", () => {
    fc.assert(
      fc.property(fc.array(fc.double()), fc.boolean(), (numbers, littleEndian) => {
        const view = new DataView(new ArrayBuffer(8 * numbers.length));
        for (const [index, number] of numbers.entries()) view.setFloat64(8 * index, number, littleEndian);
        expect(decode("f8", littleEndian ? "<" : ">", ...new Uint8Array(view.buffer))).toEqual(numbers);
      }),
    );
  });
});

it("a dimension is a whole number that an index of 32 bits can reach", () => {
  expect([0, 1, 2 ** 31 - 1].every(isDimension)).toBe(true);
  expect([-1, 0.5, NaN, Infinity, 2 ** 31, "1", null, 1n].some(isDimension)).toBe(false);
});
