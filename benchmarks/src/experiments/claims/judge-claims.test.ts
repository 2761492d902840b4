import { RandomGenerator } from "@dmrec/core";
import { expect, it } from "vitest";
import type { RunRecord } from "../run-record";
import { sampleRecord } from "../testing/sample-record";
import { judgeClaims } from "./judge-claims";

const users = 60;
const seeds = [2024, 2025, 2026, 2027];

/** Runs whose users have a mean Recall@20 of about `level`. */
function runs(level: number, more: Partial<RunRecord> = {}): RunRecord[] {
  const random = RandomGenerator.fromSeed(Math.round(1e6 * level));
  return seeds.map((seed) => {
    const values = Array.from({ length: users }, () => level + 0.002 * random.uniform());
    return sampleRecord(seed, values, more);
  });
}

const verdictOf = (records: ReadonlyMap<string, readonly RunRecord[]>, words: string) => {
  const found = judgeClaims(records).filter(({ claim }) => claim.includes(words));
  expect(found.map(({ claim }) => claim)).toHaveLength(1);
  return found[0];
};

it("decides nothing without runs, and names what is missing", () => {
  const claims = judgeClaims(new Map());
  expect(claims.map(({ verdict }) => verdict)).toEqual(claims.map(() => "undecided"));
  expect(claims.map(({ statistic }) => statistic).join()).toContain(
    "no finished run of mult-vae/mddm, mult-vae/base",
  );
});

it("holds a gain that both tests see, and not a loss", () => {
  const records = new Map([
    ["mult-vae/base", runs(0.3)],
    ["mult-vae/mddm", runs(0.32)],
    ["mult-vae/godm", runs(0.28)],
    ["mult-vae/without-mixing", runs(0.31)],
    ["kar", runs(0.35)],
  ]);
  expect(verdictOf(records, "DMRec-M is better than Mult-VAE without a match").verdict).toBe("held");
  expect(verdictOf(records, "DMRec-G is better than Mult-VAE without a match").verdict).toBe("not held");
  expect(verdictOf(records, "better than DMRec-G on Mult-VAE").verdict).toBe("held");
  expect(verdictOf(records, "better than KAR").verdict).toBe("not held");
  expect(verdictOf(records, "without the mixture").verdict).toBe("held");
  expect(verdictOf(records, "without the match").verdict).toBe("undecided");
});

it("leaves a difference of chance undecided, and one seed too", () => {
  const same = new Map([
    ["mult-vae/base", runs(0.3)],
    ["mult-vae/mddm", runs(0.300001)],
  ]);
  expect(verdictOf(same, "DMRec-M is better than Mult-VAE without").verdict).toBe("undecided");
  const one = new Map([
    ["mult-vae/base", runs(0.3).slice(0, 1)],
    ["mult-vae/mddm", runs(0.4).slice(0, 1)],
  ]);
  expect(verdictOf(one, "DMRec-M is better than Mult-VAE without")).toMatchObject({
    verdict: "undecided",
    statistic: expect.stringContaining("one seed"),
  });
});

it("compares epochs and their time by seed", () => {
  const curve = (epochs: number) =>
    [1, 2, 3].map((point) => ({ epoch: epochs * point, seconds: point, recall: 0.1 * point }));
  const records = new Map([
    ["cvga/base", runs(0.3, { curve: curve(30), bestEpoch: 90, secondsPerEpoch: 1 })],
    ["cvga/mddm", runs(0.3, { curve: curve(10), bestEpoch: 30, secondsPerEpoch: 1.1 })],
  ]);
  expect(verdictOf(records, "fewer epochs")).toMatchObject({
    verdict: "held",
    statistic: "epoch 30 instead of 90, 30 instead of 90, 30 instead of 90, 30 instead of 90 (by seed)",
  });
  expect(verdictOf(records, "slightly longer")).toMatchObject({
    verdict: "held",
    statistic: "+10.0% on this machine, mean of 4 seeds",
  });
  const slow = new Map([...records, ["cvga/mddm", runs(0.3, { curve: [], secondsPerEpoch: 2 })]]);
  expect(verdictOf(slow, "fewer epochs").verdict).toBe("not held");
  expect(verdictOf(slow, "slightly longer").verdict).toBe("not held");
});

it("finds the gain of sparse users, and that dense ones keep theirs", () => {
  // Forty users with one interaction, twenty with a hundred.
  const userActivity = Array.from({ length: users }, (_, user) => (user < 40 ? 1 : 100));
  const random = RandomGenerator.fromSeed(3);
  const noise = () => 0.01 * (random.uniform() - 0.5);
  const record = (seed: number, gain: number) =>
    sampleRecord(
      seed,
      Array.from({ length: users }, (_, user) => 0.3 + noise() + (user < 40 ? gain : 0)),
      { userActivity },
    );
  const records = new Map([
    ["mult-vae/base", seeds.map((seed) => record(seed, 0))],
    ["mult-vae/mddm", seeds.map((seed) => record(seed, 0.05))],
  ]);
  expect(verdictOf(records, "More than half")).toMatchObject({
    verdict: "held",
    statistic: "67% have at most 25 interactions",
  });
  expect(verdictOf(records, "gains in the sparsest").verdict).toBe("held");
  expect(verdictOf(records, "comparable to the base model in the densest").verdict).toBe("held");
});

it("compares the activity of dimensions by seed", () => {
  const records = new Map([
    ["mult-vae/base", runs(0.3, { activity: [0.1, 0.1, 0.2, 0.2, 0.2] })],
    ["mult-vae/mddm", runs(0.3, { activity: [0.1, 0.3, 0.5, 0.7, 0.9] })],
  ]);
  expect(verdictOf(records, "a higher median")).toMatchObject({
    verdict: "held",
    statistic: "0.500 beside 0.200, higher for 4 of 4 seeds",
  });
  expect(verdictOf(records, "a higher box").verdict).toBe("held");
});

it("judges the ends of β", () => {
  const records = new Map([
    ["mult-vae/base", runs(0.3)],
    ["mult-vae/mddm/β-0", runs(0.2)],
    ["mult-vae/mddm/β-1", runs(0.3003)],
    ["mult-vae/godm/β-0", runs(0.3001)],
    ["mult-vae/godm/β-0.5", runs(0.33)],
    ["mult-vae/godm/β-1", runs(0.31)],
  ]);
  expect(verdictOf(records, "β of 0, DMRec-M is worse").verdict).toBe("held");
  expect(verdictOf(records, "β of 1, DMRec-M is the base model again").verdict).toBe("held");
  expect(verdictOf(records, "DMRec-G becomes better")).toMatchObject({
    verdict: "held",
    statistic: expect.stringContaining("best β 0.5"),
  });
  const far = new Map([...records, ["mult-vae/mddm/β-1", runs(0.33)]]);
  expect(verdictOf(far, "the base model again").verdict).toBe("not held");
});
