import { InvalidOptionsError } from "@dmrec/core";
import { asTrainingSplit, interactionMatrix } from "@dmrec/data";
import { openParameters, recommenderChecks, testContext, userBatch } from "@dmrec/layers/testing";
import { describe, expect, it } from "vitest";
import { popularity } from "./popularity";

const interactions = asTrainingSplit(
  interactionMatrix({
    userCount: 3,
    itemCount: 5,
    users: Int32Array.of(0, 0, 1, 1, 2),
    items: Int32Array.of(0, 3, 0, 1, 0),
    weights: Float32Array.of(1, 1, 1, 2.5, 1),
  }),
);

describe("popularity", () => {
  for (const { name, check } of recommenderChecks(() => popularity(interactions))) it(name, check);

  it("scores every user by the weights of the items", () => {
    const model = popularity(interactions);
    const batch = userBatch(5, [[1], []], { users: "unknown" });
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
