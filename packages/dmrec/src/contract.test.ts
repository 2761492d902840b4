import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cvga, type LDiffRecOptions, lDiffRec, multVae } from "@dmrec/base-models";
import type { Recommender, VariationalRecommender } from "@dmrec/core";
import { gatherRows, itemsOf, syntheticCatalogue } from "@dmrec/data";
import {
  cpdm,
  godm,
  type MatchingStrategy,
  mddm,
  withMatching,
  withoutMatching,
  withoutMixing,
} from "@dmrec/matching";
import { createRecommender } from "@dmrec/serving";
import { createTrainer, exportOnnx, type ModelTrainer, type TrainingOptions } from "@dmrec/trainer";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { linearVae } from "../../../examples/src/models/linear-vae";

const data = syntheticCatalogue({ users: 120, items: 60, embeddingWidth: 8 });
const { train: interactions, itemCount } = data;

const smallLDiffRec = (options: Partial<LDiffRecOptions> = {}) =>
  lDiffRec({ interactions, latentDimension: 6, denoiserDimension: 5, clusters: 2, ...options });

/** Every base model, and one that no package knows. */
const bases: Readonly<Record<string, () => VariationalRecommender>> = {
  "mult-vae": () => multVae({ itemCount, hiddenDimension: 12, latentDimension: 4 }),
  cvga: () => cvga({ interactions, latentDimension: 4 }),
  "l-diffrec": () => smallLDiffRec(),
  "an outside model": () => linearVae(itemCount, 4, 1),
};
const mixing = mddm({ beta: { concentration: 1 } });
const strategies = [
  godm({ beta: 0.8 }),
  cpdm({ beta: 0.6 }),
  mixing,
  withoutMatching(),
  withoutMixing({ beta: 0.5 }),
];
/** Graphs that no base above compiles. */
const others: Readonly<Record<string, () => VariationalRecommender>> = {
  "cvga of two layers": () => cvga({ interactions, layers: 2, hiddenDimension: 5, latentDimension: 4 }),
  "l-diffrec, linear": () => smallLDiffRec({ schedule: "linear" }),
  "l-diffrec, cosine": () => smallLDiffRec({ schedule: "cosine" }),
  "l-diffrec, binomial": () => smallLDiffRec({ schedule: "binomial" }),
  "l-diffrec of the noise": () => smallLDiffRec({ prediction: "noise" }),
  "l-diffrec of the noise, binomial, with noise at inference": () =>
    smallLDiffRec({ prediction: "noise", schedule: "binomial", stepWeights: "uniform", inferenceSteps: 3 }),
};

interface Case {
  readonly name: string;
  readonly make: () => VariationalRecommender;
  readonly strategy: MatchingStrategy;
  readonly baseNetwork?: "profile";
}
const cases: readonly Case[] = [
  ...Object.entries(bases).flatMap(([name, make]): Case[] => [
    ...strategies.map((strategy) => ({ name: `${name} with ${strategy.name}`, make, strategy })),
    { name: `${name} with mddm, of profiles alone`, make, strategy: mixing, baseNetwork: "profile" },
  ]),
  ...Object.entries(others).map(([name, make]) => ({ name: `${name} with mddm`, make, strategy: mixing })),
];

const options: TrainingOptions = {
  epochs: 3,
  batchSize: 60,
  evaluateEvery: 3,
  adam: { learningRate: 0.01 },
  checkpointSeconds: 0,
};
let compiled: ModelTrainer;
let eager: ModelTrainer;
let directory: string;
beforeAll(async () => {
  compiled = await createTrainer({ ...options, threads: 1 });
  eager = await createTrainer({ ...options, backend: "cpu" });
  directory = await mkdtemp(join(tmpdir(), "dmrec-contract-"));
});
afterAll(() => rm(directory, { recursive: true }));

function matched(
  { make, strategy, baseNetwork }: Pick<Case, "make" | "strategy" | "baseNetwork">,
  posterior: "sum" | "collaborative" = "sum",
): Recommender {
  const { language } = data;
  return withMatching(make(), { language, strategy, posterior, baseNetwork, hiddenDimension: 12 });
}

/** Every number of a recommender: equal means to the bit. */
const bits = ({ variables }: Recommender) =>
  Object.entries(variables).map(([name, variable]) => [name, [...variable.dataSync()]] as const);

describe.each(cases)("$name", (one) => {
  it.each(["sum", "collaborative"] as const)(
    "decoding the %s posterior, trains every variable and leaks nothing, on both engines alike",
    async (posterior) => {
      const before = tf.memory().numTensors;
      const recommender = matched(one, posterior);
      const initial = bits(recommender);
      const { epochHistory } = await compiled.fit(recommender, data);
      // Without matching, nothing reaches the language space unless its posterior is decoded.
      const idle = one.strategy.name === "without-matching" && posterior === "collaborative";
      for (const [index, [name, values]] of bits(recommender).entries()) {
        const same = values.every((value, entry) => Object.is(value, initial[index][1][entry]));
        expect(same, name).toBe(idle && name.startsWith("language"));
      }
      recommender.dispose();

      const other = matched(one, posterior);
      const { epochHistory: expected } = await eager.fit(other, data);
      for (const [epoch, { losses }] of epochHistory.entries())
        for (const [term, value] of Object.entries(losses))
          expect(
            Math.abs(value / expected[epoch].losses[term] - 1),
            `${term} in epoch ${epoch}`,
          ).toBeLessThan(1e-3);
      other.dispose();
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it("is served from its ONNX file with the same scores", async () => {
    const recommender = matched(one);
    const file = join(directory, "model.onnx");
    await exportOnnx(recommender, file, data);
    const served = await createRecommender(file, { threads: 1 });
    const expected = await compiled.scores(recommender, gatherRows(data.train, Int32Array.of(7)));
    const actual = await served.scores({
      interactions: Array.from(itemsOf(data.train, 7), (item) => data.itemIds[item]),
      profileEmbedding: data.language?.users.values.slice(7 * 8, 8 * 8) ?? [],
    });
    expected.forEach((score, item) => {
      expect(Math.abs(actual[item] - score)).toBeLessThan(1e-5);
    });
    await served.release();
    recommender.dispose();
  });
});

describe.each(Object.entries(bases))("%s, interrupted and resumed", (_, make) => {
  it.each(["compiled", "eager"] as const)("ends to the bit as if it never was, %s", async (engine) => {
    // So many epochs that L-DiffRec draws its steps by what it remembers.
    const trainer = await createTrainer({ ...options, epochs: 5, engine });
    const run = join(directory, `resumed-${make().name}-${engine}`);
    const whole = matched({ make, strategy: mixing });
    await trainer.fit(whole, data);
    const first = matched({ make, strategy: mixing });
    const controller = new AbortController();
    let steps = 0;
    const onStep = () => {
      steps += 1;
      if (steps === 7) controller.abort();
    };
    const callbacks = [{ onStep }];
    await trainer.fit(first, data, { directory: run, signal: controller.signal, callbacks });
    const resumed = matched({ make, strategy: mixing });
    await trainer.fit(resumed, data, { directory: run });
    expect(steps).toBe(7);
    expect(bits(resumed)).toEqual(bits(whole));
    for (const recommender of [whole, first, resumed]) recommender.dispose();
  });
});

it("ranks a user alike on every engine, in every company and from a file where inference adds noise", async () => {
  const recommender = lDiffRec({ interactions, latentDimension: 6, clusters: 2, inferenceSteps: 5 });
  const user = Int32Array.of(100);
  const company = Int32Array.from({ length: 300 }, (_, index) => (index === 290 ? 100 : index % 120));
  const alone = await compiled.scores(recommender, gatherRows(interactions, user));
  const among = await compiled.scores(recommender, gatherRows(interactions, company));
  const onEager = await eager.scores(recommender, gatherRows(interactions, user));
  const file = join(directory, "noisy.onnx");
  await exportOnnx(recommender, file, { itemIds: data.itemIds });
  const served = await createRecommender(file, { threads: 1 });
  const interactionsOfUser = Array.from(itemsOf(interactions, 100), (item) => data.itemIds[item]);
  const fromFile = await served.scores({ interactions: interactionsOfUser });
  alone.forEach((score, item) => {
    for (const other of [among[290 * itemCount + item], onEager[item], fromFile[item]])
      expect(Math.abs(other - score)).toBeLessThan(1e-5);
  });
  await served.release();
  recommender.dispose();
});
