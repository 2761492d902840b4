import { InvalidOptionsError } from "@dmrec/core";
import { syntheticCatalogue } from "@dmrec/data";
import { describe, expect, it } from "vitest";
import { defaultZoo as zoo } from "../zoo/default-zoo";
import { type PlanFlags, resolvePlan } from "./resolve-plan";

const data = syntheticCatalogue({ users: 40, items: 30, embeddingWidth: 8 });
const flags: PlanFlags = {
  data: "folder",
  base: "mult-vae",
  settings: "default",
  seed: 7,
  monitor: "recall@20",
};
const plan = (changed: Partial<PlanFlags> = {}) => resolvePlan({ ...flags, ...changed }, data, zoo);

describe("resolvePlan", () => {
  it("takes the published settings for everything that no flag gives", () => {
    const { training, models } = plan({ models: ["base", "godm"] });
    expect(training).toEqual({ seed: 7, evaluation: { monitor: "recall@20", cutoffs: [10, 20] } });
    const [base, godm] = models;
    expect(base).toMatchObject({
      base: "mult-vae",
      options: { hiddenDimension: 600, latentDimension: 200, dropout: 0.3, klWeight: 1, seed: 7 },
      training: { adam: { learningRate: 1e-3 }, batchSize: 1024 },
    });
    expect(base).not.toHaveProperty("matching");
    expect(godm.matching).toMatchObject({ beta: 0.8, klWeight: 1, dropout: 0.3, coldStartRate: 0, seed: 7 });
  });

  it("compares the base model and DMRec-M on a folder, and all strategies on the catalogue", () => {
    const namesOf = ({ models }: ReturnType<typeof plan>) => models.map(({ name }) => name);
    expect(namesOf(plan())).toEqual(["base", "mddm"]);
    expect(namesOf(plan({ data: undefined }))).toEqual(["base", "godm", "cpdm", "mddm"]);
  });

  it("samples the softmax of the base model, and asks nothing of a baseline", () => {
    const sampled = { softmaxSamples: 64, softmaxProposal: "popularity" } as const;
    const [base, godm, popularity] = plan({ models: ["base", "godm", "popularity"], ...sampled }).models;
    expect(base.options).toMatchObject(sampled);
    expect(godm.options).toMatchObject(sampled);
    expect(popularity.options).not.toHaveProperty("softmaxSamples");
  });

  it("passes each flag to its option", () => {
    const { training, models } = plan({
      models: ["godm"],
      base: "l-diffrec",
      beta: { godm: 0.2 },
      klWeight: 0.7,
      dropout: 0.25,
      hidden: 24,
      latent: 12,
      coldStartRate: 0.4,
      epochs: 5,
      patience: 2,
      batchSize: 32,
      learningRate: 2e-3,
      monitor: "ndcg@5",
    });
    expect(training).toEqual({
      seed: 7,
      epochs: 5,
      evaluation: { monitor: "ndcg@5", cutoffs: [5, 10, 20], patience: 2 },
    });
    expect(models).toHaveLength(1);
    expect(models[0]).toMatchObject({
      options: { denoiserDimension: 24, latentDimension: 12, dropout: 0.25, klWeight: 0.7 },
      matching: { beta: 0.2, klWeight: 0.7, dropout: 0.25, hiddenDimension: 24, coldStartRate: 0.4 },
      // The rate of the denoiser keeps its ratio to the others.
      training: {
        adam: { learningRate: 2e-3, parameterGroups: { denoiser: { learningRate: 2e-4 } } },
        batchSize: 32,
      },
    });
    expect(models[0].options).not.toHaveProperty("hiddenDimension");
  });

  it("has small models for the synthetic catalogue, whatever the base, and gives way to flags", () => {
    const { training, models } = plan({ data: undefined, base: "cvga", latent: 16, models: ["mddm"] });
    expect(training).toMatchObject({ epochs: 200, evaluation: { patience: 8 } });
    expect(models[0]).toMatchObject({
      options: { latentDimension: 16 },
      matching: { coldStartRate: 0.3, hiddenDimension: 128 },
      training: { adam: { learningRate: 3e-3 }, batchSize: 256 },
    });
  });

  it("keeps a baseline's own settings on the catalogue", () => {
    const { models } = plan({ data: undefined, models: ["popularity"] });
    expect(models[0]).toMatchObject({
      name: "popularity",
      training: zoo.publishedSettings("popularity").training,
    });
  });

  it("is the same JSON for the same flags only", () => {
    expect(JSON.stringify(plan())).toBe(JSON.stringify(plan()));
    const changes: Partial<PlanFlags>[] = [
      { seed: 8 },
      { monitor: "ndcg@20" },
      { beta: { mddm: 0.1 } },
      { settings: "yelp" },
      { coldStartRate: 0.1 },
      { models: ["base"] },
      { batchSize: 100 },
    ];
    for (const change of changes) expect(JSON.stringify(plan(change))).not.toBe(JSON.stringify(plan()));
  });

  it.each<[Partial<PlanFlags>, RegExp]>([
    [{ models: ["mddm"], beta: { mddm: 2 } }, /dmrec compare: --beta mddm: /],
    [{ models: ["base"], beta: { base: 0.2 } }, /dmrec compare: --beta base: "base" matches nothing/],
    [{ dropout: 2 }, /dmrec compare: --dropout: /],
    [{ hidden: 0 }, /dmrec compare: --hidden: /],
    [{ base: "none" }, /dmrec compare: --base: no "none"; expected one of "mult-vae"/],
    [{ models: ["none"] }, /dmrec compare: --models: no "none"/],
  ])("names the flag that is wrong: %j", (change, message) => {
    expect(() => plan(change)).toThrow(InvalidOptionsError);
    expect(() => plan(change)).toThrow(message);
  });
});
