import { InvalidDataError } from "@dmrec/core";
import { userBatch } from "@dmrec/layers/testing";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { profilesOf, sentToUsers } from "./users-from-texts";

it("takes the profiles that a batch brings before those of its users, and refuses a batch with neither", () => {
  const table = tf.tensor2d([[1], [2], [3]]);
  const lists = [[0], [1]];
  expect(profilesOf(table, userBatch(2, lists)).arraySync()).toEqual([[1], [2]]);
  const bringing = userBatch(2, lists, { profileEmbeddings: [[7], [8]] });
  expect(profilesOf(table, bringing).arraySync()).toEqual([[7], [8]]);
  expect(() => profilesOf(table, userBatch(2, lists, { users: "unknown" }))).toThrow(InvalidDataError);
});

it("sends every layer but the last to users, and nothing without propagations", () => {
  const layers = [1, 10, 100].map((value) => tf.tensor2d([[value]]));
  expect(sentToUsers(layers).arraySync()).toEqual([[11]]);
  expect(sentToUsers(layers.slice(0, 1)).arraySync()).toEqual([[0]]);
});
