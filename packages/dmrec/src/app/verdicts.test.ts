import { RandomGenerator } from "@dmrec/core";
import { pairedTTest } from "@dmrec/eval";
import { describe, expect, it } from "vitest";
import type { Outcome } from "./compare-models";
import { verdicts } from "./verdicts";

const userCount = 400;
const random = RandomGenerator.fromSeed(3);
const baseValues = Float64Array.from({ length: userCount }, () => random.uniform());

/** The outcome of a model whose users gain something on average, each by chance more or less. */
function outcomeOf(name: string, gain: number, isMatched = true): Outcome {
  const values = baseValues.map((value) => value + gain + (gain === 0 ? 0 : (random.uniform() - 0.5) / 10));
  const mean = values.reduce((sum, value) => sum + value, 0) / userCount;
  const evaluatedUsers = Int32Array.from({ length: userCount }, (_, user) => user);
  const matching = {
    klWeight: 1,
    baseNetwork: "interactions-and-profile",
    posterior: "sum",
    dropout: 0,
    hiddenDimension: 1,
    coldStartRate: 0,
    seed: 1,
  } as const;
  return {
    kind: "finished",
    name,
    model: { name, base: "mult-vae", options: {}, training: {}, source: "", ...(isMatched && { matching }) },
    training: {
      stopped: "epochs",
      epochs: 1,
      steps: 1,
      bestEpoch: 1,
      bestMetrics: {},
      epochHistory: [],
      evaluationHistory: [],
      secondsPerEpoch: 1,
    },
    report: {
      metrics: { "recall@20": mean },
      perUser: { "recall@20": values },
      evaluatedUsers,
      rankings: [],
    },
  };
}

const base = outcomeOf("base", 0, false);

describe("verdicts", () => {
  it.each([
    ["better", 0.02],
    ["worse", -0.02],
    ["unclear", 0.0001],
  ] as const)("are %s for a mean gain of %f", (result, gain) => {
    const matched = outcomeOf("mddm", gain);
    const [verdict, ...others] = verdicts([base, matched], "recall@20");
    expect(verdict).toMatchObject({ model: "mddm", result, users: userCount });
    expect(verdict.value - verdict.baseValue).toBeCloseTo(gain, 2);
    expect(others).toEqual([]);
    if (matched.kind === "finished")
      expect(verdict.pValue).toBe(pairedTTest(matched.report.perUser["recall@20"], baseValues).pValue);
  });

  it("count a model equal to its base as unclear", () => {
    expect(verdicts([base, outcomeOf("mddm", 0)], "recall@20")).toMatchObject([
      { result: "unclear", t: 0, pValue: 1 },
    ]);
  });

  it("correct for the number of matched models", () => {
    const all = verdicts([outcomeOf("godm", 0.0001), base, outcomeOf("mddm", 0.02)], "recall@20");
    expect(all.map(({ model }) => model)).toEqual(["godm", "mddm"]);
    const [alone] = verdicts([base, outcomeOf("mddm", 0.02)], "recall@20");
    expect(all[1].pValue).toBeGreaterThanOrEqual(alone.pValue);
  });

  it("need the base model, and something to compare", () => {
    expect(verdicts([outcomeOf("mddm", 0.02)], "recall@20")).toEqual([]);
    expect(verdicts([base], "recall@20")).toEqual([]);
  });
});
