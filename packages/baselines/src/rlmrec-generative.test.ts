import { type ForwardContext, parameter } from "@dmrec/core";
import { openParameters, pairBatch, recommenderChecks, testContext } from "@dmrec/layers/testing";
import { describe, expect, it } from "vitest";
import { dense, mapped, mean, rowsOf, times, transposed, unit } from "../../../testing/plain-math";
import { rlmRecGenerative } from "./rlmrec-generative";
import { expectRefusedEmbeddings } from "./testing/refused-embeddings";
import { edgeCases, embeddings, interactions } from "./testing/small-data";

const make = (options = {}) =>
  rlmRecGenerative({ interactions, profileEmbeddings: embeddings(), latentDimension: 2, ...options });

describe("rlmRecGenerative", () => {
  for (const { name, check } of recommenderChecks(() => make())) it(name, check);
  for (const { name, ...data } of edgeCases)
    describe(name, () => {
      for (const { name, check } of recommenderChecks(() => make(data))) it(name, check);
    });

  it("hides about the share of nodes that was asked for, and one at least", () => {
    for (const [maskedShare, expected] of [
      [0, 1],
      [0.5, 4],
      [1, 8],
    ]) {
      const model = make({ maskedShare, layers: 0, keepRate: 1, textWeight: 0 });
      const tensors = openParameters({
        parameters: { ...model.parameters, maskToken: parameter([1, 2], Float32Array.of(100, 100)) },
      });
      let hidden: readonly number[] = [];
      const context = testContext();
      const spied: ForwardContext = {
        ...context,
        feed(shape, make) {
          const tensor = context.feed(shape, make);
          hidden = [...tensor.dataSync()];
          return tensor;
        },
      };
      const pairs = Array.from({ length: 5 }, (_, item) => ({ user: 0, positive: item, negatives: [item] }));
      const { ranking } = model.loss(tensors, pairBatch(5, pairs), spied);
      expect(ranking.dataSync()[0]).toBeCloseTo(Math.log(2), 5);
      expect(new Set(hidden).size).toBe(expected);
      expect(Math.max(...hidden)).toBeLessThan(8);
    }
  });

  it.each([0.5, 0.05, 0.01])("tells the texts of hidden nodes apart at τ %d", (temperature) => {
    const model = make({ maskedShare: 1, layers: 0, textWeight: 1, temperature });
    const { texts } = model.loss(openParameters(model), pairBatch(5, []), testContext());
    // All nodes are hidden: each has the token, which is zero at the start.
    const hidden = dense(
      model,
      "projection.hidden",
      rowsOf(model, "texts").map(() => [0, 0]),
    );
    const described = dense(
      model,
      "projection.output",
      mapped(hidden, (value) => Math.max(value, 0.01 * value)),
    );
    const cosines = times(unit(described), transposed(unit(rowsOf(model, "texts"))));
    const losses = cosines.map((row, node) => {
      const powers = row.map((cosine) => Math.exp(cosine / temperature));
      const sum = powers.reduce((total, power) => total + power, 0);
      return -Math.log(powers[node] / (sum + 1e-8) + 1e-8);
    });
    expect(texts.dataSync()[0] / mean(losses)).toBeCloseTo(1, 4);
  });

  it("refuses embeddings that are missing, do not fit or are not finite, and options out of range", () => {
    expectRefusedEmbeddings(make);
    expect(() => make({ temperature: 0 })).toThrow(/temperature/);
  });
});
