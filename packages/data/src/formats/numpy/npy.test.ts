import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { FileError, InvalidDataError, ShapeMismatchError } from "@dmrec/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fileOf, fixture, fixtureNames } from "../fixtures/fixture";
import { readNpy, writeNpy } from "./npy";

const readFixture = (name: string) => readNpy(fileOf(fixture(name), name));
const readBytes = (bytes: Uint8Array) => readNpy(fileOf(bytes, "changed.npy"));

describe("readNpy", () => {
  it.each(fixtureNames.filter((name) => /^array-.*npy$/.test(name)))("reads %s", async (name) => {
    const expected = { rowCount: 3, columnCount: 2, values: Float32Array.of(1.5, -2, 0.25, 3, 0, 4) };
    expect(await readFixture(name)).toEqual(expected);
  });

  it.each(fixtureNames.filter((name) => /^counts-.*npy$/.test(name)))("reads %s", async (name) => {
    const expected = { rowCount: 3, columnCount: 2, values: Float32Array.of(1, 2, 3, 4, 5, 6) };
    expect(await readFixture(name)).toEqual(expected);
  });

  it("reads flags and an empty array", async () => {
    expect((await readFixture("flags.npy")).values).toEqual(Float32Array.of(0, 0, 0, 1, 1, 1));
    expect(await readFixture("empty.npy")).toEqual({
      rowCount: 0,
      columnCount: 4,
      values: new Float32Array(),
    });
  });

  it.each([
    ["wrong-vector.npy", /byte 10: an array of shape \(3,\); expected two dimensions/],
    ["wrong-cube.npy", /byte 10: an array of shape \(3, 2, 1\); expected two dimensions/],
    ["wrong-objects.npy", /byte 10: the header .*'\|O'.*; expected an array of real numbers/],
    ["wrong-complex.npy", /byte 10: the header .*'<c8'.*; expected an array of real numbers/],
    ["wrong-structure.npy", /byte 10: the header .*; expected an array of real numbers/],
    ["wrong-nan.npy", /row 1, column 1: NaN; expected a finite number/],
    ["wrong-infinite.npy", /row 2, column 1: -Infinity; expected a finite number/],
  ])("refuses %s", async (name, message) => {
    const reading = readFixture(name);
    await expect(reading).rejects.toThrow(InvalidDataError);
    await expect(reading).rejects.toThrow(name);
    await expect(reading).rejects.toThrow(message);
  });

  it("says where a file that is cut, too long or none of the format is wrong", async () => {
    const valid = fixture("array-version-1.npy");
    await expect(readBytes(valid.subarray(0, 100))).rejects.toThrow(
      "byte 100: ends early; expected a header up to byte 128",
    );
    await expect(readBytes(valid.subarray(0, 170))).rejects.toThrow(
      "byte 170: ends early; expected 3 × 2 elements of 8 bytes, up to byte 176",
    );
    await expect(readBytes(Buffer.concat([valid, Buffer.of(0, 0)]))).rejects.toThrow(
      "byte 176: 2 bytes too many",
    );
    await expect(readBytes(Buffer.from("1 2 3\n"))).rejects.toThrow("byte 0: no .npy file");
    await expect(readBytes(Buffer.from(valid).fill(4, 6, 7))).rejects.toThrow("byte 6: version 4");
  });

  it("says which file cannot be read", async () => {
    const reading = readNpy("no-such-folder/embeddings.npy");
    await expect(reading).rejects.toThrow(InvalidDataError);
    await expect(reading).rejects.toThrow(/^no-such-folder\/embeddings\.npy: cannot be read/);
  });

  it("refuses every file that is cut", async () => {
    const valid = fixture("array-version-2.npy");
    for (let length = 0; length < valid.length; length += 1) {
      await expect(readBytes(valid.subarray(0, length))).rejects.toThrow(InvalidDataError);
    }
  });

  it("gives a finite matrix or an InvalidDataError, whatever the bytes", async () => {
    const valid = fixture("array-f4-little-F.npy");
    const changes = fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    const changed = changes.map((pairs) => {
      const bytes = Buffer.from(valid);
      for (const [position, byte] of pairs) bytes[position] = byte;
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

describe("writeNpy", () => {
  it("writes what readNpy reads", async () => {
    const value = fc.float({ noNaN: true, noDefaultInfinity: true });
    const matrices = fc
      .tuple(fc.nat(5), fc.nat(5))
      .chain(([rowCount, columnCount]) =>
        fc
          .array(value, { minLength: rowCount * columnCount, maxLength: rowCount * columnCount })
          .map((values) => ({ rowCount, columnCount, values: Float32Array.from(values) })),
      );
    const file = fileOf(new Uint8Array(), "written.npy");
    await fc.assert(
      fc.asyncProperty(matrices, async (matrix) => {
        await writeNpy(file, matrix);
        expect(await readNpy(file)).toEqual(matrix);
      }),
    );
  });

  it("writes the bytes that NumPy writes, of a part of a larger buffer too", async () => {
    const values = Float32Array.of(9, 1.5, -2, 0.25, 3, 0, 4, 9).subarray(1, 7);
    const file = fileOf(new Uint8Array(), "written.npy");
    await writeNpy(file, { rowCount: 3, columnCount: 2, values });
    expect(readFileSync(file).equals(fixture("array-f4-little.npy"))).toBe(true);
  });

  it("refuses a matrix without all of its values", async () => {
    const file = fileOf(new Uint8Array(), "written.npy");
    const writing = writeNpy(file, { rowCount: 2, columnCount: 2, values: new Float32Array(3) });
    await expect(writing).rejects.toThrow(ShapeMismatchError);
  });

  it("names a file that cannot be written", async () => {
    const writing = writeNpy("no-such-folder/a.npy", {
      rowCount: 1,
      columnCount: 1,
      values: Float32Array.of(1),
    });
    await expect(writing).rejects.toThrow(FileError);
    await expect(writing).rejects.toThrow(/^no-such-folder\/a\.npy: could not be written \(ENOENT/);
  });
});

const embeddings = join(
  resolve(process.env.DMREC_DATA_DIR ?? "../shared/data"),
  "lastfm/item_embeddings.npy",
);
describe.skipIf(!existsSync(embeddings))(`real embeddings (skipped where ${embeddings} is absent)`, () => {
  it("are read", async () => {
    const { rowCount, columnCount, values } = await readNpy(embeddings);
    expect([rowCount, columnCount, values.length]).toEqual([2813, 256, 2813 * 256]);
  });
});
