import { arraysByName, InvalidOptionsError, UnsupportedError } from "@dmrec/core";
import { openParameters, pairBatch, recommenderChecks, testContext, userBatch } from "@dmrec/layers/testing";
import { describe, expect, it } from "vitest";
import { lightGcn } from "./light-gcn";
import { interactions } from "./testing/small-data";

const make = (options = {}) => lightGcn({ interactions, latentDimension: 2, ...options });

describe("lightGcn", () => {
  for (const { name, check } of recommenderChecks(() => make())) it(name, check);

  it("scores by the plain embeddings without layers", () => {
    const model = make({ layers: 0 });
    const tensors = openParameters(model);
    const batch = userBatch(5, [[], []], { users: [2, 0] });
    const prepared = model.prepare?.(tensors) ?? tensors;
    const scores = model.scores(prepared, batch, testContext({ training: false })).arraySync();
    const values = (name: string) => arraysByName(model.parameters).get(name)?.values ?? [];
    const [users, items] = [values("users"), values("items")];
    [2, 0].forEach((user, row) => {
      for (let item = 0; item < 5; item += 1)
        expect(scores[row][item]).toBeCloseTo(
          users[2 * user] * items[2 * item] + users[2 * user + 1] * items[2 * item + 1],
          5,
        );
    });
  });

  it("drops edges only in training, and all of the loss comes from pairs and λ ‖θ‖²", () => {
    const batch = pairBatch(5, [{ user: 0, positive: 0, negatives: [4] }]);
    const lossOf = (model = make(), seed = 1) => {
      const { ranking } = model.loss(openParameters(model), batch, testContext({ seed }));
      return ranking.dataSync()[0];
    };
    const dropped = Array.from({ length: 20 }, (_, seed) => lossOf(make({ keepRate: 0.5 }), seed));
    expect(new Set(dropped).size).toBeGreaterThan(3);
    const kept = Array.from({ length: 5 }, (_, seed) => lossOf(make({ keepRate: 1 }), seed));
    expect(new Set(kept).size).toBe(1);
  });

  it("refuses users without an index, and options out of range", () => {
    const model = make();
    const strangers = userBatch(5, [[0]], { users: "unknown" });
    expect(() => model.scores(openParameters(model), strangers, testContext())).toThrow(
      expect.toSatisfy((error) => UnsupportedError.isInstance(error)),
    );
    expect(() => make({ keepRate: 0 })).toThrow(/keepRate/);
    expect(() => make({ layers: -1 })).toThrow(InvalidOptionsError);
  });
});
