import type { Recommender } from "@dmrec/core";
import { openParameters, recommenderChecks, testContext, userBatch } from "@dmrec/layers/testing";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { alphaRec } from "./alpha-rec";
import { expectRefusedEmbeddings } from "./testing/refused-embeddings";
import { embeddings, interactions, itemsOfUsers } from "./testing/small-data";

const profileEmbeddings = embeddings();
const make = (options = {}) =>
  alphaRec({ interactions, profileEmbeddings, latentDimension: 2, negatives: 3, ...options });

function scores(model: Recommender, batch: ReturnType<typeof userBatch>): number[][] {
  const tensors = openParameters(model);
  const prepared = model.prepare?.(tensors) ?? tensors;
  return model.scores(prepared, batch, testContext({ training: false })).arraySync();
}

describe.each(["items", "profiles"] as const)("alphaRec with users from %s", (users) => {
  for (const { name, check } of recommenderChecks(() => make({ users }))) it(name, check);

  it("scores a new user with the text and the items of a known one alike", () => {
    const known = scores(make({ users }), userBatch(5, itemsOfUsers));
    const rows = tf.tensor2d(profileEmbeddings.users.values, [3, 4]).arraySync();
    const strangers = userBatch(5, itemsOfUsers, { users: "unknown", profileEmbeddings: rows });
    expect(scores(make({ users }), strangers)).toEqual(known);
  });

  it("scores within the bounds of a cosine", () => {
    for (const row of scores(make({ users, layers: 0 }), userBatch(5, itemsOfUsers)))
      for (const score of row) expect(Math.abs(score)).toBeLessThan(1.0001);
  });

  it("refuses embeddings that are missing, do not fit or are not finite, and options out of range", () => {
    expectRefusedEmbeddings((options) => make({ users, ...options }));
    expect(() => make({ users, temperature: 0 })).toThrow(/temperature/);
    expect(() => make({ users, negatives: 0 })).toThrow(/negatives/);
  });
});
