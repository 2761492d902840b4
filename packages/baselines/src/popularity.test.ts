import { InvalidOptionsError } from "@dmrec/core";
import {
  openParameters,
  recommenderChecks,
  testContext,
  trainingInteractions,
  userBatch,
} from "@dmrec/layers/testing";
import { describe, expect, it } from "vitest";
import { popularity } from "./popularity";

const interactions = trainingInteractions(5, [[0, 3], [0, { item: 1, weight: 2.5 }], [0]]);

describe("popularity", () => {
  it.each(recommenderChecks(() => popularity(interactions)))("$name", ({ check }) => check());

  it("scores every user by the weights of the items", () => {
    const model = popularity(interactions);
    const batch = userBatch({ itemCount: 5, interactions: [[1], []], users: "none" });
    const scores = model.scores(openParameters(model), batch, testContext({ training: false }));
    expect(scores.arraySync()).toEqual([
      [3, 2.5, 0, 1, 0],
      [3, 2.5, 0, 1, 0],
    ]);
  });

  it("refuses a held-out part", () => {
    // @ts-expect-error
    expect(() => popularity({ ...interactions, part: "test" })).toThrow(InvalidOptionsError);
  });
});
