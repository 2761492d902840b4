import { asTrainingSplit, interactionMatrix, syntheticCatalogue } from "@dmrec/data";
import { expect, it } from "vitest";
import { inUnitSquare, itemMaps } from "./item-maps";

const {
  train,
  profileEmbeddings,
  itemAttributes = [],
  itemCount,
} = syntheticCatalogue({ users: 300, items: 120, topics: 4 });

/** The share of items whose nearest place on the map is an item with a topic of theirs. */
function agreement(places: Float32Array): number {
  const topicsOf = (item: number) => itemAttributes[item].tags ?? [];
  let agreeing = 0;
  for (let item = 0; item < itemCount; item += 1) {
    let [nearest, least] = [-1, Number.POSITIVE_INFINITY];
    for (let other = 0; other < itemCount; other += 1) {
      const distance = Math.hypot(
        places[2 * item] - places[2 * other],
        places[2 * item + 1] - places[2 * other + 1],
      );
      if (other !== item && distance < least) [nearest, least] = [other, distance];
    }
    agreeing += Number(topicsOf(item).some((topic) => topicsOf(nearest).includes(topic)));
  }
  return agreeing / itemCount;
}

it("puts items beside each other that share users or words, in the unit square", () => {
  const maps = itemMaps({ train, ...(profileEmbeddings && { profileEmbeddings }) });
  for (const places of [maps.clicks, maps.words, maps.both]) {
    expect(places).toHaveLength(2 * itemCount);
    expect(places?.every((value) => value >= -1e-6 && value <= 1 + 1e-6)).toBe(true);
    // By chance it would be less than a half.
    expect(agreement(places ?? new Float32Array())).toBeGreaterThan(0.7);
  }
  expect(itemMaps({ train, ...(profileEmbeddings && { profileEmbeddings }) })).toEqual(maps);
});

it("has a map by clicks only if there are no embeddings, even of items that nobody clicked", () => {
  const few = { userCount: 1, itemCount: 3, users: Int32Array.of(0, 0), items: Int32Array.of(0, 1) };
  const maps = itemMaps({ train: asTrainingSplit(interactionMatrix(few)) });
  expect(Object.keys(maps)).toEqual(["clicks"]);
  expect(maps.clicks.every(Number.isFinite)).toBe(true);
});

it("keeps the proportions of places", () => {
  expect([...inUnitSquare(Float32Array.of(0, 0, 10, 5))]).toEqual([0, 0.25, 1, 0.75]);
  expect([...inUnitSquare(Float32Array.of(3, 3, 3, 3))]).toEqual([0.5, 0.5, 0.5, 0.5]);
});
