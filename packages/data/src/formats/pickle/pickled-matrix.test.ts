import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { InvalidDataError } from "@dmrec/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fileOf, fixture, fixtureNames } from "../fixtures/fixture";
import { readPickledMatrix } from "./pickled-matrix";

const readFixture = (name: string) => readPickledMatrix(fileOf(fixture(name), name));
const readBytes = (bytes: Uint8Array) => readPickledMatrix(fileOf(bytes, "changed.pkl"));

describe("readPickledMatrix", () => {
  it.each(fixtureNames.filter((name) => name.startsWith("matrix-")))("reads %s", async (name) => {
    const matrix = await readFixture(name);
    expect(matrix).toMatchObject({
      userCount: 3,
      itemCount: 4,
      users: Int32Array.of(0, 0, 1, 2),
      items: Int32Array.of(1, 3, 0, 1),
      weights: Float32Array.of(1, 2, 1, 3),
    });
    // The fourth of the five entries is a stored zero.
    expect([0, 1, 2, 3].map((entry) => matrix.locate?.(entry))).toEqual([
      "entry 0",
      "entry 1",
      "entry 2",
      "entry 4",
    ]);
  });

  it.each(fixtureNames.filter((name) => name.startsWith("empty-coo")))("reads %s", async (name) => {
    expect(await readFixture(name)).toMatchObject({ userCount: 3, itemCount: 4, users: new Int32Array() });
  });

  it.each([
    ["wrong-coo-row", "entry 3: row 3, column 2; expected indices within the shape [3, 4]"],
    ["wrong-coo-negative-row", "entry 1: row -1, column 3; expected indices within the shape [3, 4]"],
    ["wrong-coo-column", "entry 2: row 1, column 4; expected indices within the shape [3, 4]"],
    ["wrong-coo-fraction", "entry 2: row 1, column 0.5; expected indices within the shape [3, 4]"],
    ["wrong-coo-length", ": a matrix of 5 rows, 4 columns and 5 values"],
    ["wrong-coo-negative", "entry 1: the value -2; expected a finite float32, 0 or more"],
    ["wrong-coo-nan", "entry 2: the value NaN; expected a finite float32, 0 or more"],
    ["wrong-coo-infinite", "entry 0: the value Infinity; expected a finite float32, 0 or more"],
    ["wrong-coo-beyond-float32", "entry 4: the value 1e+300; expected a finite float32, 0 or more"],
    ["wrong-coo-shape", ": a matrix without its shape; expected two dimensions below 2^31"],
    ["wrong-coo-huge-shape", ": a matrix without its shape; expected two dimensions below 2^31"],
    ["wrong-csr-column", "entry 2: row 1, column 4; expected indices within the shape [3, 4]"],
    ["wrong-csr-decreasing", "row 1: entries from 3 to 2; expected pointers that ascend to 5"],
    ["wrong-csr-first", ": 4 row pointers from 1 to 5; expected 4 row pointers from 0 to 5"],
    ["wrong-csr-last", ": 4 row pointers from 0 to 4; expected 4 row pointers from 0 to 5"],
    ["wrong-csr-count", ": 3 row pointers from 0 to 5; expected 4 row pointers from 0 to 5"],
    ["wrong-layout-csc", 'the pickle asks for "scipy.sparse._csc.csc_matrix", which is not permitted'],
    ["wrong-command-protocol-4", 'byte 28: the pickle asks for "posix.system", which is not permitted'],
    ["wrong-command-within-protocol-2", 'the pickle asks for "posix.system", which is not permitted'],
    ["wrong-command-within-protocol-4", 'the pickle asks for "posix.system", which is not permitted'],
    ["wrong-array-dict", ": no sparse matrix; expected a pickled SciPy matrix in COO or CSR layout"],
    ["array-C-protocol-4", ": no sparse matrix; expected a pickled SciPy matrix in COO or CSR layout"],
  ])("refuses %s", async (name, message) => {
    const reading = readFixture(`${name}.pkl`);
    await expect(reading).rejects.toThrow(InvalidDataError);
    await expect(reading).rejects.toThrow(`${name}.pkl`);
    await expect(reading).rejects.toThrow(message);
  });

  it("refuses bytes that are made of something", async () => {
    const text = fixture("empty-coo-protocol-2.pkl").toString("latin1");
    const changed = text.replace("c__builtin__\nbytes\nq\x18)", "c__builtin__\nbytes\nq\x18K\x05\x85");
    expect(changed).not.toBe(text);
    const reading = readBytes(Buffer.from(changed, "latin1"));
    await expect(reading).rejects.toThrow("__builtin__.bytes: bytes made of something");
  });

  it("says which file cannot be read", async () => {
    const reading = readPickledMatrix("no-such-folder/train.pkl");
    await expect(reading).rejects.toThrow(InvalidDataError);
    await expect(reading).rejects.toThrow(/^no-such-folder\/train\.pkl: cannot be read/);
  });

  it.each(["matrix-coo-protocol-2.pkl", "matrix-csr-protocol-5.pkl"])(
    "refuses every %s that is cut",
    async (name) => {
      const valid = fixture(name);
      for (let length = 0; length < valid.length; length += 1) {
        await expect(readBytes(valid.subarray(0, length))).rejects.toThrow(InvalidDataError);
      }
    },
  );

  it("gives valid interactions or an InvalidDataError, whatever the bytes", async () => {
    const names = ["matrix-coo-protocol-2.pkl", "matrix-csr-int64-int64.pkl", "matrix-coo-protocol-5.pkl"];
    const changed = fc.constantFrom(...names).chain((name) => {
      const valid = fixture(name);
      const change = fc.tuple(fc.nat(valid.length - 1), fc.nat(255));
      return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
        const bytes = Buffer.from(valid);
        for (const [position, byte] of changes) bytes[position] = byte;
        return bytes;
      });
    });
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(changed, async (bytes) => {
        const result = await readBytes(bytes).catch((error: unknown) => error);
        if (result instanceof InvalidDataError) return;
        if (result instanceof Error) throw result;
        const { users, items, weights, userCount, itemCount } = await readBytes(bytes);
        accepted += 1;
        expect(users.every((user) => user >= 0 && user < userCount)).toBe(true);
        expect(items.every((item) => item >= 0 && item < itemCount)).toBe(true);
        expect(weights?.every((value) => value > 0 && Number.isFinite(value))).toBe(true);
      }),
      { numRuns: 1000 },
    );
    // A reader that refuses everything would pass the property.
    expect(accepted).toBeGreaterThan(5);
  });
});

const folder = join(resolve(process.env.DMREC_DATA_DIR ?? "../shared/data"), "amazon-book");
describe.skipIf(!existsSync(folder))(`Amazon-Book (skipped where ${folder} is absent)`, () => {
  it.each([
    ["trn_mat.pkl", 120_464],
    ["val_mat.pkl", 40_290],
    ["tst_mat.pkl", 40_106],
  ])("%s holds %d interactions", async (name, interactionCount) => {
    const { userCount, itemCount, users, weights } = await readPickledMatrix(join(folder, name));
    expect([userCount, itemCount, users.length]).toEqual([11_000, 9_332, interactionCount]);
    expect(weights?.every((value) => value === 1)).toBe(true);
  });
});
