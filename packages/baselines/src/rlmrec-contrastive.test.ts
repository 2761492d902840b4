import { recommenderChecks } from "@dmrec/layers/testing";
import { describe, expect, it } from "vitest";
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

  it("refuses embeddings that are missing, do not fit or are not finite, and options out of range", () => {
    expectRefusedEmbeddings(make);
    expect(() => make({ temperature: 0 })).toThrow(/temperature/);
  });
});
