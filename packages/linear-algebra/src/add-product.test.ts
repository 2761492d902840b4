import { readFile } from "node:fs/promises";
import { RandomGenerator } from "@dmrec/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import loadWabt from "wabt";
import { openWorkspace, plainWorkspace } from "./add-product";
import { addProductProgram, startProductProgram } from "./add-product-program";
import type { Workspace } from "./workspace";

/** A workspace of a program that starts. */
function open(start: ReturnType<typeof startProductProgram>, length: number): Workspace {
  const workspace = start?.(length);
  if (!workspace) throw new Error("expected a process that may use WebAssembly");
  return workspace;
}
const program = startProductProgram();

const size = fc.record({
  rows: fc.integer({ min: 0, max: 5 }),
  inner: fc.integer({ min: 0, max: 3 }).map((fours) => 4 * fours),
  columns: fc.integer({ min: 0, max: 5 }).map((pairs) => 2 * pairs),
});

it("adds a product to the bit of the loops in JavaScript, of a block and of a transposed one, and nothing else", () => {
  fc.assert(
    fc.property(size, fc.boolean(), fc.integer({ min: 0, max: 99 }), (sizes, isTransposed, seed) => {
      const { rows, inner, columns } = sizes;
      // One number of room after each row, so that a step too far shows.
      const cRow = columns + 2;
      const [aRow, aColumn] = isTransposed ? [1, rows + 1] : [inner + 1, 1];
      const a = { start: 2 + rows * cRow, row: aRow, column: aColumn };
      const bStart = 2 * Math.ceil((a.start + (rows + 1) * (inner + 1)) / 2);
      const length = bStart + inner * cRow + 2;
      const random = RandomGenerator.fromSeed(seed);
      const drawn = Float64Array.from({ length }, () => random.normal());
      const computed = ({ numbers, addProduct }: Workspace) => {
        numbers.set(drawn);
        addProduct({ start: 2, row: cRow }, a, { start: bStart, row: cRow }, sizes);
        return numbers.slice();
      };
      const expected = computed(plainWorkspace(length));
      expect(computed(open(program, length))).toEqual(expected);
      const [c0, row] = [2, rows - 1];
      if (rows > 0 && columns > 0) {
        const sum = Array.from(
          { length: inner },
          (_, k) => drawn[a.start + row * aRow + k * aColumn] * drawn[bStart + k * cRow],
        ).reduce((total, part) => total + part, drawn[c0 + row * cRow]);
        expect(expected[c0 + row * cRow]).toBeCloseTo(sum, 10);
      }
    }),
  );
});

it("opens workspaces of zeros, of any size", () => {
  for (const length of [10, 100_000, 20]) {
    const { numbers } = openWorkspace(length);
    expect(numbers.length).toBe(length);
    expect(numbers.every((number) => number === 0)).toBe(true);
    numbers.fill(7);
  }
});

it("has no workspace beyond its memory, and goes on with smaller ones", () => {
  const small = startProductProgram(2);
  const numbersOfPage = 65_536 / 8;
  expect(small?.(2 * numbersOfPage + 1)).toBeUndefined();
  expect(open(small, 2 * numbersOfPage).numbers.length).toBe(2 * numbersOfPage);
  // More than the addresses of WebAssembly.
  expect(program?.(2 ** 29)).toBeUndefined();
});

it("runs the program of add-product.wat", async () => {
  const { parseWat } = await loadWabt();
  const text = await readFile(new URL("add-product.wat", import.meta.url), "utf8");
  const parsed = parseWat("add-product.wat", text, { simd: true });
  expect(addProductProgram).toBe(Buffer.from(parsed.toBinary({}).buffer).toString("base64"));
});
