import { expect, it } from "vitest";
import { dark, lightBetween, litItems } from "./lit-items";
import { placesOnScreen } from "./map-frame";
import { nearestItem } from "./nearest-item";

it("lights up what is ranked, most of all the first, and marks recommendations and picks", () => {
  const lights = litItems({ both: [1, 2, 3], clicks: [1, 4], words: [2, 1] }, [7], 2);
  expect(lights.get(1)).toMatchObject({ clicks: 1, both: 1 });
  expect(lights.get(2)).toMatchObject({ words: 1, clicks: 0, both: 1 });
  expect(lights.get(4)?.clicks).toBeLessThan(1);
  expect(lights.has(3)).toBe(false);
  expect(lights.get(7)).toEqual({ ...dark, picked: 1 });
  expect(litItems(undefined, [], 2).size).toBe(0);
});

it("fades between two lights", () => {
  expect(lightBetween(dark, { clicks: 1, words: 0.5, both: 0, picked: 0 }, 0.5)).toEqual({
    clicks: 0.5,
    words: 0.25,
    both: 0,
    picked: 0,
  });
});

it("places items within the frame, and finds the one under the pointer", () => {
  const places = placesOnScreen(Float32Array.of(0, 0, 1, 1, 0.5, 0.5), { width: 400, height: 300 });
  expect(places.every((value) => value >= 20 && value <= 380)).toBe(true);
  expect([places[4], places[5]]).toEqual([200, 150]);
  expect(nearestItem(places, { x: 203, y: 149 }, 10)).toBe(2);
  expect(nearestItem(places, { x: 250, y: 150 }, 10)).toBeUndefined();
  expect(nearestItem(new Float32Array(), { x: 0, y: 0 }, 10)).toBeUndefined();
});
