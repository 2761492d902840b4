import { trainingInteractions } from "@dmrec/layers/testing";
import { expect, it } from "vitest";
import { neighbourProfiles } from "./neighbour-profiles";
import { textTable } from "./profile-tables";

const table = (...values: number[]) =>
  textTable({ rowCount: values.length, columnCount: 1, values: Float32Array.from(values) });

it("takes the mean of the neighbours at each distance, and keeps a node without any", () => {
  const interactions = trainingInteractions(3, [[0, 1], [1], []]);
  const own = { users: table(1, 2, 3), items: table(10, 20, 30) };
  const [one, two] = neighbourProfiles(own, interactions, 2);
  expect([...one.users.values]).toEqual([15, 20, 3]);
  expect([...one.items.values]).toEqual([1, 1.5, 30]);
  // The neighbours' means at the distance before.
  expect([...two.users.values]).toEqual([1.25, 1.5, 3]);
  expect([...two.items.values]).toEqual([15, 17.5, 30]);
});

it("weighs a neighbour by the interaction", () => {
  const interactions = trainingInteractions(2, [[{ item: 0, weight: 3 }, 1]]);
  const [{ users }] = neighbourProfiles({ users: table(0), items: table(4, 8) }, interactions, 1);
  expect([...users.values]).toEqual([5]);
});
