import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { sentToUsers } from "./users-from-texts";

it("sends every layer but the last to users, and nothing without propagations", () => {
  const layers = [1, 10, 100].map((value) => tf.tensor2d([[value]]));
  expect(sentToUsers(layers).arraySync()).toEqual([[11]]);
  expect(sentToUsers(layers.slice(0, 1)).arraySync()).toEqual([[0]]);
});
