import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { embeddingBag } from "./embedding-bag";
import { inItemTables } from "./in-item-tables";
import { userBatch } from "./testing";

it("reads the same rows from a part of a table as from the whole", () => {
  const batch = userBatch(6, [[1, 4], [5]]);
  const table = tf.tensor2d([0, 1, 2, 3, 4, 5], [6, 1]);
  const ids = tf.tensor1d([1, 3, 4, 5], "int32");
  const drawn = tf.tensor1d([3, 5], "int32");
  const sample = { items: drawn, logWeights: tf.zeros<tf.Rank.R1>([2]), places: drawn };
  const touched = {
    rowCount: 4,
    items: tf.tensor1d([0, 2, 3], "int32"),
    samples: tf.tensor1d([1, 3], "int32"),
  };
  const rows = tf.gather(table, ids);
  const inTables = inItemTables({ ...batch, sample, touched });
  expect(embeddingBag(rows, inTables).arraySync()).toEqual(embeddingBag(table, batch).arraySync());
  expect(tf.gather(rows, inTables.sample.items).arraySync()).toEqual([[3], [5]]);
  expect(inTables.itemCount).toBe(4);
  expect(inItemTables(batch)).toBe(batch);
});
