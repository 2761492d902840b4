import fc from "fast-check";
import { expect, it } from "vitest";
import { greatestFloat16, toFloat16 } from "./float16";

/** The number that the bits of a float16 are. */
function fromBits(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

it("gives known numbers their bits", () => {
  const values = [
    0,
    -0,
    1,
    -2,
    0.1,
    greatestFloat16,
    2 ** -14,
    2 ** -24,
    2 ** -25,
    1 + 2 ** -11,
    1 + 3 * 2 ** -11,
  ];
  expect([...toFloat16(Float32Array.from(values))]).toEqual([
    ...[0, 0x8000, 0x3c00, 0xc000, 0x2e66, 0x7bff, 0x0400, 1, 0, 0x3c00, 0x3c02],
  ]);
});

it("keeps every number that is a float16, and is at most half a step off for others", () => {
  const every = Array.from({ length: 0x7c00 }, (_, bits) => bits);
  expect([...toFloat16(Float32Array.from(every, fromBits))]).toEqual(every);
  fc.assert(
    fc.property(fc.float({ min: -65504, max: 65504, noNaN: true }), (value) => {
      const rounded = fromBits(toFloat16(Float32Array.of(value))[0]);
      const step = Math.max(2 ** -24, 2 ** (Math.floor(Math.log2(Math.abs(value) || 1)) - 10));
      expect(Math.abs(rounded - value)).toBeLessThanOrEqual(step / 2);
    }),
  );
});
