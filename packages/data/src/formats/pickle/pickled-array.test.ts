import { InvalidDataError } from "@dmrec/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fileOf, fixture, fixtureNames } from "../fixtures/fixture";
import { readPickledArray } from "./pickled-array";

const readFixture = (name: string) => readPickledArray(fileOf(fixture(name), name));
const readBytes = (bytes: Uint8Array) => readPickledArray(fileOf(bytes, "changed.pkl"));

describe("readPickledArray", () => {
  it.each(fixtureNames.filter((name) => /^array-.*pkl$/.test(name)))("reads %s", async (name) => {
    const expected = { rowCount: 3, columnCount: 2, values: Float32Array.of(1.5, -2, 0.25, 3, 0, 4) };
    expect(await readFixture(name)).toEqual(expected);
  });

  it.each([
    ["wrong-array-vector", ": an array of shape [3]; expected a pickled NumPy array of two dimensions"],
    ["wrong-array-objects", "a state: an array whose elements are no real numbers"],
    ["wrong-array-text", "a state: an array whose elements are no real numbers"],
    ["wrong-array-nan", "row 1, column 1: NaN; expected a finite number"],
    ["wrong-array-dict", ": no array; expected a pickled NumPy array of two dimensions"],
    ["wrong-command-protocol-2", 'the pickle asks for "posix.system", which is not permitted'],
    ["matrix-coo-protocol-4", 'the pickle asks for "scipy.sparse._coo.coo_matrix", which is not permitted'],
  ])("refuses %s", async (name, message) => {
    const reading = readFixture(`${name}.pkl`);
    await expect(reading).rejects.toThrow(InvalidDataError);
    await expect(reading).rejects.toThrow(`${name}.pkl`);
    await expect(reading).rejects.toThrow(message);
  });

  it.each([
    ["another shape", 4, "K\x03K\x02\x86", "K\x03K\x04\x86", "an array of shape [3, 4] without its 96 bytes"],
    ["a negative length", 4, "K\x03K\x02\x86", "K\x03\x8a\x01\xff\x86", "a dimension of -1"],
    ["a length that is no number", 4, "K\x03K\x02\x86", "K\x03N\x86", "a dimension of no number"],
    ["an unknown byte order", 4, "\x8c\x01<", "\x8c\x01?", "an array whose elements are no real numbers"],
    ["no byte order", 4, "\x8c\x01<", "N", "an element type without its byte order"],
    [
      "an element type without a name",
      4,
      "\x8c\x02f8",
      "K\x08",
      "numpy.dtype: an element type without a name",
    ],
    [
      "an unknown order of elements",
      5,
      "\x8c\x01C",
      "\x8c\x01K",
      "an array in neither C's nor Fortran's order",
    ],
    ["bytes that are no latin1", 2, "\xc3\xb8", "\xc4\x80", "bytes that are not written as latin1"],
    ["bytes of another encoding", 2, "latin1", "utf-16", "bytes that are not written as latin1"],
  ])("refuses %s", async (_, protocol, part, replacement, message) => {
    const text = fixture(`array-C-protocol-${protocol}.pkl`).toString("latin1");
    expect(text).toContain(part);
    const reading = readBytes(Buffer.from(text.replace(part, replacement), "latin1"));
    await expect(reading).rejects.toThrow(InvalidDataError);
    await expect(reading).rejects.toThrow(message);
  });

  it("says which file cannot be read", async () => {
    await expect(readPickledArray("no-such-folder/users.pkl")).rejects.toThrow(InvalidDataError);
  });

  it("refuses every file that is cut", async () => {
    const valid = fixture("array-F-protocol-3.pkl");
    for (let length = 0; length < valid.length; length += 1) {
      await expect(readBytes(valid.subarray(0, length))).rejects.toThrow(InvalidDataError);
    }
  });

  it("gives a finite matrix or an InvalidDataError, whatever the bytes", async () => {
    const valid = fixture("array-F-protocol-5.pkl");
    const change = fc.tuple(fc.nat(valid.length - 1), fc.nat(255));
    const changed = fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
      const bytes = Buffer.from(valid);
      for (const [position, byte] of changes) bytes[position] = byte;
      return bytes;
    });
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array(), changed), async (bytes) => {
        const result = await readBytes(bytes).catch((error: unknown) => error);
        if (result instanceof InvalidDataError) return;
        if (result instanceof Error) throw result;
        const { rowCount, columnCount, values } = await readBytes(bytes);
        accepted += 1;
        expect(values).toHaveLength(rowCount * columnCount);
        expect(values.every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 500 },
    );
    // A reader that refuses everything would pass the property.
    expect(accepted).toBeGreaterThan(5);
  });
});
