import { syntheticCatalogue } from "@dmrec/data";
import { expect, it } from "vitest";
import { defaultZoo } from "../../zoo/default-zoo";
import type { TrainFlags } from "../train-flags";
import { planTrials, trialPlanner } from "./plan-trials";
import { parseChoice } from "./search-space";

const data = syntheticCatalogue({ users: 40, items: 30, embeddingWidth: 8 });
const flags: TrainFlags = {
  data: "folder",
  out: "out",
  base: "l-diffrec",
  matching: "none",
  settings: "default",
  seed: 7,
  monitor: "recall@20",
  engine: "auto",
  embeddings: "auto",
  kCore: 0,
  splitScope: "per-user",
  splitBy: "random",
  fresh: false,
  json: false,
};

it("plans every setting of a small space once, the given ones first, and sets groups of parameters", () => {
  const space = [parseChoice("denoiser.learningRate=1e-4,5e-4"), parseChoice("clusters=1,2")];
  const trials = planTrials(trialPlanner(flags, space, data, defaultZoo), space, 20, flags.seed);
  expect(trials).toHaveLength(4);
  expect(new Set(trials.map(({ id }) => id)).size).toBe(4);
  expect(trials[0].settings).toEqual({});
  for (const { settings, record } of trials.slice(1)) {
    expect(record.model.options).toMatchObject({ clusters: settings.clusters });
    expect(record.model.training.adam?.parameterGroups?.denoiser.learningRate).toBe(
      settings["denoiser.learningRate"],
    );
  }
});
