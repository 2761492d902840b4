import fc from "fast-check";
import { expect, it } from "vitest";
import { quantizeMatrix } from "./quantize";

it("scales each row or each column by its greatest number", () => {
  const matrix = Float32Array.of(127, -63.5, 0, 0.0127, 0, -0.0127);
  expect(quantizeMatrix(matrix, [2, 3], 0)).toEqual({
    values: Int8Array.of(127, -63, 0, 127, 0, -127),
    scales: Float32Array.of(1, 0.0001),
  });
  expect([...quantizeMatrix(matrix, [2, 3], 1).values]).toEqual([127, -127, 0, 0, 0, -127]);
});

it("is at most half a scale off, and keeps zeros", () => {
  const matrices = fc
    .tuple(
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 6 }),
      fc.constantFrom(0, 1) as fc.Arbitrary<0 | 1>,
    )
    .chain(([rows, columns, axis]) =>
      fc.record({
        rows: fc.constant(rows),
        columns: fc.constant(columns),
        axis: fc.constant(axis),
        numbers: fc.array(fc.float({ min: -1000, max: 1000, noNaN: true }), {
          minLength: rows * columns,
          maxLength: rows * columns,
        }),
      }),
    );
  fc.assert(
    fc.property(matrices, ({ rows, columns, axis, numbers }) => {
      const { values, scales } = quantizeMatrix(Float32Array.from(numbers), [rows, columns], axis);
      for (const [at, number] of numbers.entries()) {
        const scale = scales[axis === 0 ? Math.floor(at / columns) : at % columns];
        expect(Math.abs(values[at] * scale - number)).toBeLessThanOrEqual(0.5001 * scale);
        if (number === 0) expect(values[at] + 0).toBe(0);
      }
    }),
  );
});
