import {
  type ForwardContext,
  InvalidDataError,
  InvalidOptionsError,
  parameter,
  ShapeMismatchError,
} from "@dmrec/core";
import {
  openParameters,
  pairBatch,
  recommenderChecks,
  testContext,
  trainingInteractions,
} from "@dmrec/layers/testing";
import { describe, expect, it } from "vitest";
import { rlmRecGenerative } from "./rlmrec-generative";

const interactions = trainingInteractions(5, [[0, 1], [1, 2, 3], []]);
const table = (rowCount: number, columnCount = 4) => ({
  rowCount,
  columnCount,
  // The first row has zero length.
  values: Float32Array.from({ length: rowCount * columnCount }, (_, index) =>
    index < columnCount ? 0 : Math.sin(index),
  ),
});
const profileEmbeddings = { users: table(3), items: table(5) };
const make = (options = {}) =>
  rlmRecGenerative({ interactions, profileEmbeddings, latentDimension: 2, ...options });

describe("rlmRecGenerative", () => {
  for (const { name, check } of recommenderChecks(() => make())) it(name, check);

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

  it("refuses embeddings that are missing, do not fit or are not finite, and options out of range", () => {
    expect(() => make({ profileEmbeddings: undefined })).toThrow(InvalidOptionsError);
    expect(() => make({ profileEmbeddings: { users: table(2), items: table(5) } })).toThrow(
      ShapeMismatchError,
    );
    expect(() => make({ profileEmbeddings: { users: table(3), items: table(5, 3) } })).toThrow(
      ShapeMismatchError,
    );
    const items = table(5);
    items.values[7] = Number.NaN;
    expect(() => make({ profileEmbeddings: { users: table(3), items } })).toThrow(InvalidDataError);
    expect(() => make({ temperature: 0 })).toThrow(/temperature/);
  });
});
