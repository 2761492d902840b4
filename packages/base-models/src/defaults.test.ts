import { trainingInteractions } from "@dmrec/layers/testing";
import { expect, it } from "vitest";
import { documentedDefaults } from "../../../testing/documented-defaults";
import { cvga } from "./cvga/cvga";
import { lDiffRec } from "./l-diffrec/l-diff-rec";
import { multVae } from "./mult-vae";

const interactions = trainingInteractions(4, [[0, 1], [2], [3]]);

it.each([
  ["cvga/cvga.ts", cvga({ interactions })],
  ["l-diffrec/l-diff-rec.ts", lDiffRec({ interactions })],
  ["mult-vae.ts", multVae({ itemCount: 4 })],
])("the options of %s have the defaults that their comments state", (file, { configuration }) => {
  const { clusters, softmaxSamples, softmaxProposal, ...plain } = documentedDefaults(
    new URL(file, import.meta.url),
  );
  expect(Object.keys(plain).length).toBeGreaterThan(4);
  expect(configuration).toMatchObject(plain);
  // The configuration holds the sizes of the clusters, and no settings of a softmax that is not sampled.
  if (clusters !== undefined) expect(configuration.clusters).toHaveLength(Number(clusters));
  if (softmaxSamples !== undefined) expect(softmaxSamples).toBe(0);
});

it("a sampled softmax has the proposal that its comment states", () => {
  const { softmaxProposal } = documentedDefaults(new URL("mult-vae.ts", import.meta.url));
  expect(multVae({ itemCount: 4, softmaxSamples: 2 }).configuration).toMatchObject({ softmaxProposal });
});
