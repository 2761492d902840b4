import fc from "fast-check";
import { expect, it } from "vitest";
import { packPoints, unpackPoints } from "./packed-points";

it("keeps coordinates to half a step of 1/65535", () => {
  const coordinate = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.array(coordinate, { maxLength: 50 }), (coordinates) => {
      const kept = unpackPoints(packPoints(coordinates));
      expect(kept).toHaveLength(coordinates.length);
      for (const [index, value] of coordinates.entries())
        expect(Math.abs(kept[index] - value)).toBeLessThan(1e-5);
    }),
  );
});

it("packs more points than a call takes arguments", () => {
  const many = Float32Array.from({ length: 200_000 }, (_, index) => index / 200_000);
  expect(unpackPoints(packPoints(many))).toHaveLength(200_000);
});
