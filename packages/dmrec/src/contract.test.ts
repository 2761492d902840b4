import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cvga, type LDiffRecOptions, lDiffRec } from "@dmrec/base-models";
import { arraysByName, isConstant, type OpenRecommender, type Recommender } from "@dmrec/core";
import { gatherRows, itemsOf, syntheticCatalogue } from "@dmrec/data";
import { mddm, withMatching } from "@dmrec/matching";
import { loadRecommender } from "@dmrec/serving";
import { compiled, createTrainer, eager, type TrainerOptions } from "@dmrec/trainer";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LinearVae } from "../../../examples/src/models/linear-vae";
import { PairFactorization } from "../../../examples/src/models/pair-factorization";
import { baselineCases, contractCases, modelCase } from "./testing/contract-cases";
import { defaultZoo } from "./zoo/default-zoo";
import type { BaseModelRow } from "./zoo/model-row";

const data = syntheticCatalogue({ users: 40, items: 30, embeddingWidth: 8 });
const { train: interactions, profileEmbeddings, itemCount } = data;

/** A base model outside the packages, as a row. */
const linearVaeRow: BaseModelRow<"linear-vae", { readonly latentDimension?: number }> = {
  name: "linear-vae",
  title: "linear VAE",
  description: "a model of the examples",
  needsProfileEmbeddings: false,
  outputWidth: 4,
  published: { options: {}, training: {}, source: "the examples" },
  make: ({ itemCount }, { latentDimension = 4 }) => new LinearVae(itemCount, latentDimension),
  ownOptions: ({ latentDimension }) => (latentDimension === undefined ? {} : { latentDimension }),
  klWeight: () => 1,
};
const zoo = defaultZoo.with({ baseModels: [linearVaeRow] });

const mixing = mddm({ beta: { concentration: 1 } });
const smallLDiffRec = (options: Partial<LDiffRecOptions> = {}) =>
  lDiffRec({ interactions, latentDimension: 6, denoiserDimension: 5, clusters: 2, ...options });
const matched = (model: Parameters<typeof withMatching>[0]) =>
  withMatching(model, { profileEmbeddings, strategy: mixing, hiddenDimension: 12 });

const cases = [
  ...contractCases(zoo, data),
  // Graphs that no model of the zoo compiles.
  modelCase("a drawn β", () => matched(new LinearVae(itemCount, 4))),
  modelCase("cvga of two layers", () =>
    matched(cvga({ interactions, layers: 2, hiddenDimension: 5, latentDimension: 4 })),
  ),
  modelCase("l-diffrec, linear", () => matched(smallLDiffRec({ schedule: "linear" }))),
  modelCase("l-diffrec, cosine", () => matched(smallLDiffRec({ schedule: "cosine" }))),
  modelCase("l-diffrec, binomial", () => matched(smallLDiffRec({ schedule: "binomial" }))),
  modelCase("l-diffrec that predicts the noise", () => matched(smallLDiffRec({ prediction: "noise" }))),
  modelCase("l-diffrec that predicts the noise, binomial, with noise at inference", () =>
    matched(
      smallLDiffRec({
        prediction: "noise",
        schedule: "binomial",
        stepWeights: "uniform",
        inferenceSteps: 3,
      }),
    ),
  ),
  modelCase("pair factorization", () => new PairFactorization(data, 6)),
];

const engines = { compiled: compiled({ threads: 1 }), eager: eager({ backend: "wasm" }) };

/** A trainer of two steps an epoch, whether the model trains on users or on pairs. */
function trainerOf(make: () => Recommender, engine: keyof typeof engines, options: TrainerOptions = {}) {
  const examples = make().examples.kind === "users" ? data.userCount : interactions.items.length;
  return createTrainer({
    epochs: 3,
    batchSize: Math.ceil(examples / 2),
    evaluation: { interval: 3 },
    adam: { learningRate: 0.01 },
    checkpointIntervalSeconds: 0,
    engine: engines[engine],
    ...options,
  });
}

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "dmrec-contract-"));
});
afterAll(() => rm(directory, { recursive: true }));

/** The saved weights of a model: equal means to the bit. */
async function weightBytes(model: OpenRecommender): Promise<Buffer> {
  const file = join(directory, "weights.safetensors");
  await model.save(file);
  return readFile(file);
}

/** The trained arrays of a model by name, from its file of weights. */
async function weights(model: OpenRecommender): Promise<ReadonlyMap<string, Buffer>> {
  const bytes = await weightBytes(model);
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const header: Record<string, { data_offsets: [number, number] }> = JSON.parse(
    bytes.toString("utf8", 8, start),
  );
  const arrays = Object.entries(header).filter(([name]) => name !== "__metadata__");
  return new Map(
    arrays.map(
      ([
        name,
        {
          data_offsets: [from, to],
        },
      ]) => [name, bytes.subarray(start + from, start + to)],
    ),
  );
}

const isTrained = (recommender: Recommender) =>
  [...arraysByName(recommender.parameters).values()].some((array) => !isConstant(array));

describe.each(cases)("$name", ({ make, isLanguageIdle }) => {
  it("trains every parameter and leaks nothing, on both engines alike", async () => {
    const before = tf.memory().numTensors;
    const recommender = make();
    const model = await (await trainerOf(make, "compiled")).open(recommender);
    const initial = isTrained(recommender) ? await weights(model) : new Map<string, Buffer>();
    const { epochHistory } = await model.fit(data);
    if (isTrained(recommender))
      for (const [name, values] of await weights(model))
        expect(values.equals(initial.get(name) ?? Buffer.of()), name).toBe(
          isLanguageIdle && name.startsWith("language"),
        );
    await model.close();

    const other = await (await trainerOf(make, "eager")).fit(make(), data);
    for (const [epoch, { losses }] of epochHistory.entries())
      for (const [term, value] of Object.entries(losses)) {
        const expected = other.training.epochHistory[epoch].losses[term];
        expect(Math.abs(value - expected), `${term} in epoch ${epoch}`).toBeLessThanOrEqual(
          1e-3 * Math.abs(expected),
        );
      }
    await other.close();
    expect(tf.memory().numTensors).toBe(before);
  });

  describe("is served from its ONNX file with the same scores", () => {
    const { reads } = make();
    let model: OpenRecommender;
    beforeAll(async () => {
      model = await (await trainerOf(make, "compiled")).open(make(), { data });
    });
    afterAll(() => model.close());

    it.each([
      ["float32", 0],
      ["float16", 2e-3],
      ["int8", 3e-2],
    ] as const)("%s", async (precision, tolerance) => {
      const file = join(directory, "model.onnx");
      await model.export(file, data, { precision });
      await using served = await loadRecommender(file, { threads: 1 });
      expect(served.precision).toBe(precision);
      const expected = await model.score(gatherRows(data.train, Int32Array.of(7)));
      const size = Math.max(...expected.map(Math.abs));
      const actual = await served.score({
        interactions: Array.from(itemsOf(data.train, 7), (item) => data.itemIds[item]),
        ...(reads.profile && { profileEmbedding: profileEmbeddings?.users.values.slice(7 * 8, 8 * 8) ?? [] }),
        ...(reads.userIndex && { userId: data.userIds[7] }),
      });
      expected.forEach((score, item) => {
        expect(Math.abs(actual[item] - score)).toBeLessThan(1e-5 + tolerance * size);
      });
    });
  });
});

const resumable = [
  ...zoo.baseNames.map((base) =>
    modelCase(base, () => matched(zoo.createBaseModel(base, data, smallOptions(base)))),
  ),
  ...baselineCases(zoo, data),
  modelCase("pair factorization", () => new PairFactorization(data, 6)),
].filter(({ make }) => isTrained(make()));

function smallOptions(base: string) {
  return base === "l-diffrec" ? { latentDimension: 6, denoiserDimension: 5 } : { latentDimension: 4 };
}

describe.each(resumable)("$name, interrupted and resumed", ({ name, make }) => {
  it.each(["compiled", "eager"] as const)(
    "ends bit for bit like an uninterrupted run, %s",
    async (engine) => {
      // So many epochs that L-DiffRec draws its steps by the losses it remembers.
      const trainer = await trainerOf(make, engine, { epochs: 5 });
      const run = join(directory, `resumed-${name}-${engine}`);
      const whole = await trainer.fit(make(), data);
      const controller = new AbortController();
      let steps = 0;
      const onStep = () => {
        steps += 1;
        if (steps === 7) controller.abort();
      };
      const first = await trainer.fit(make(), data, {
        directory: run,
        abortSignal: controller.signal,
        callbacks: [{ onStep }],
      });
      const resumed = await trainer.fit(make(), data, { directory: run });
      expect(steps).toBe(7);
      expect((await weightBytes(resumed)).equals(await weightBytes(whole))).toBe(true);
      for (const model of [whole, first, resumed]) await model.close();
    },
  );
});

it("ranks a user alike on every engine, in every company and from a file if inference adds noise", async () => {
  const make = () => lDiffRec({ interactions, latentDimension: 6, clusters: 2, inferenceSteps: 5 });
  const recommender = make();
  const user = Int32Array.of(35);
  const company = Int32Array.from({ length: 300 }, (_, index) => (index === 290 ? 35 : index % 40));
  await using model = await (await trainerOf(make, "compiled")).open(recommender, { data });
  await using eagerModel = await (await trainerOf(make, "eager")).open(recommender);
  const byItself = await model.score(gatherRows(interactions, user));
  const among = await model.score(gatherRows(interactions, company));
  const eagerScores = await eagerModel.score(gatherRows(interactions, user));
  const file = join(directory, "noisy.onnx");
  await model.export(file);
  await using served = await loadRecommender(file, { threads: 1 });
  const interactionsOfUser = Array.from(itemsOf(interactions, 35), (item) => data.itemIds[item]);
  const fromFile = await served.score({ interactions: interactionsOfUser });
  byItself.forEach((score, item) => {
    for (const other of [among[290 * itemCount + item], eagerScores[item], fromFile[item]])
      expect(Math.abs(other - score)).toBeLessThan(1e-5);
  });
});
