import { InvalidDataError, InvalidOptionsError, ShapeMismatchError } from "@dmrec/core";
import { recommenderChecks, trainingInteractions } from "@dmrec/layers/testing";
import { describe, expect, it } from "vitest";
import { rlmRecContrastive } from "./rlmrec-contrastive";

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
  rlmRecContrastive({ interactions, profileEmbeddings, latentDimension: 2, ...options });

describe("rlmRecContrastive", () => {
  for (const { name, check } of recommenderChecks(() => make())) it(name, check);

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
