import { openParameters, trainingInteractions } from "@dmrec/layers/testing";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { denseInteractions, rowNormalized, times, transposed } from "../../../testing/plain-math";
import { itemsThenUsers, rowNormalizedGraph, usersThenItems } from "./row-normalized-graph";

const interactions = trainingInteractions(4, [[0, 1], [{ item: 1, weight: 3 }, 2], []]);
const x = denseInteractions(interactions);
const [toUsers, toItems] = [rowNormalized(x), rowNormalized(transposed(x))];
const { graph } = openParameters({ parameters: { graph: rowNormalizedGraph(interactions) } });

function expectRows(actual: tf.Tensor2D, expected: readonly (readonly number[])[]): void {
  const rows = actual.arraySync();
  expected.forEach((row, index) => {
    row.forEach((value, column) => {
      expect(rows[index][column]).toBeCloseTo(value, 5);
    });
  });
}

it("divides by the root of the receiver's degree only, users first or items first", () => {
  const [users, items] = [
    [[1], [-2], [4]],
    [[1], [2], [3], [7]],
  ];
  const down = usersThenItems(graph, 3, tf.tensor2d(items));
  expectRows(down.users, times(toUsers, items));
  expectRows(down.items, times(toItems, times(toUsers, items)));
  const up = itemsThenUsers(graph, tf.tensor2d(users), 4);
  expectRows(up.items, times(toItems, users));
  expectRows(up.users, times(toUsers, times(toItems, users)));
});

it("passes on to items what the activation made of the users", () => {
  const items = [[1], [2], [3], [7]];
  const squared = (rows: readonly (readonly number[])[]) => rows.map((row) => row.map((value) => value ** 2));
  const { users, ...received } = usersThenItems(graph, 3, tf.tensor2d(items), (rows) => tf.square(rows));
  expectRows(users, squared(times(toUsers, items)));
  expectRows(received.items, squared(times(toItems, squared(times(toUsers, items)))));
});
