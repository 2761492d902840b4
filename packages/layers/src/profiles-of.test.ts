import { InvalidDataError } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { profilesOf } from "./profiles-of";
import { userBatch } from "./testing";

it("takes the profiles that a batch brings before those of its users, and refuses a batch with neither", () => {
  const table = tf.tensor2d([[1], [2], [3]]);
  const lists = [[0], [1]];
  expect(profilesOf(table, userBatch(2, lists)).arraySync()).toEqual([[1], [2]]);
  const bringing = userBatch(2, lists, { profileEmbeddings: [[7], [8]] });
  expect(profilesOf(table, bringing).arraySync()).toEqual([[7], [8]]);
  expect(() => profilesOf(table, userBatch(2, lists, { users: "unknown" }))).toThrow(InvalidDataError);
});
