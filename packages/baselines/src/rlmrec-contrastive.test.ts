import { openParameters, pairBatch, recommenderChecks, testContext } from "@dmrec/layers/testing";
import { describe, expect, it } from "vitest";
import { dense, dot, mapped, mean, type Rows, rowsOf } from "../../../testing/plain-math";
import { rlmRecContrastive } from "./rlmrec-contrastive";
import { expectRefusedEmbeddings } from "./testing/refused-embeddings";
import { edgeCases, embeddings, interactions } from "./testing/small-data";

const make = (options = {}) =>
  rlmRecContrastive({ interactions, profileEmbeddings: embeddings(), latentDimension: 2, ...options });

describe("rlmRecContrastive", () => {
  for (const { name, check } of recommenderChecks(() => make())) it(name, check);
  for (const { name, ...data } of edgeCases)
    describe(name, () => {
      for (const { name, check } of recommenderChecks(() => make(data))) it(name, check);
    });

  it.each([0.2, 0.01])("contrasts embeddings with projected texts at τ %d", (temperature) => {
    const model = make({ layers: 0, keepRate: 1, textWeight: 1, temperature });
    const pairs = [
      { user: 0, positive: 0, negatives: [4] },
      { user: 1, positive: 3, negatives: [0] },
      { user: 1, positive: 2, negatives: [4] },
    ];
    const { texts } = model.loss(openParameters(model), pairBatch(5, pairs), testContext());
    const projected = (name: string) => {
      const hidden = mapped(dense(model, "projection.hidden", rowsOf(model, name)), (value) =>
        Math.max(value, 0.01 * value),
      );
      return dense(model, "projection.output", hidden);
    };
    const [users, items, userTexts, itemTexts] = [
      rowsOf(model, "users"),
      rowsOf(model, "items"),
      projected("texts.users"),
      projected("texts.items"),
    ];
    const [of, positives, negatives] = [
      pairs.map(({ user }) => user),
      pairs.map(({ positive }) => positive),
      pairs.map(({ negatives: [negative] }) => negative),
    ];
    const expected =
      meanContrast(take(users, of), take(userTexts, of), userTexts, temperature) +
      meanContrast(
        take(items, positives),
        take(itemTexts, positives),
        take(itemTexts, positives),
        temperature,
      ) +
      meanContrast(
        take(items, negatives),
        take(itemTexts, negatives),
        take(itemTexts, negatives),
        temperature,
      );
    expect(texts.dataSync()[0] / expected).toBeCloseTo(1, 5);
  });

  it("refuses embeddings that are missing, do not fit or are not finite, and options out of range", () => {
    expectRefusedEmbeddings(make);
    expect(() => make({ temperature: 0 })).toThrow(/temperature/);
  });
});

const take = (rows: Rows, indices: readonly number[]) => indices.map((index) => rows[index]);

/** The mean over rows of −cos(a, b)/τ + log Σ_c exp(cos(a, c)/τ), with 1e-8 under the root of each length. */
function meanContrast(a: Rows, b: Rows, candidates: Rows, temperature: number): number {
  const length = (row: readonly number[]) => Math.sqrt(1e-8 + dot(row, row));
  const cosine = (x: readonly number[], y: readonly number[]) => dot(x, y) / length(x) / length(y);
  return mean(
    a.map((row, index) => {
      const all = candidates.map((candidate) => Math.exp(cosine(row, candidate) / temperature));
      return Math.log(all.reduce((sum, power) => sum + power, 0)) - cosine(row, b[index]) / temperature;
    }),
  );
}
