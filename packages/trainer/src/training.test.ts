import { multVae } from "@dmrec/base-models";
import {
  InvalidDataError,
  InvalidOptionsError,
  NonFiniteLossError,
  type Recommender,
  type TrainingCallbacks,
} from "@dmrec/core";
import { rowsOf, syntheticCatalogue } from "@dmrec/data";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { createTrainer } from "./index";
import { smallCatalogue, smallRecommender, smallTrainer } from "./testing/small-run";

/** A recommender with another loss. */
const withLoss = (model: Recommender, loss: Recommender["loss"]): Recommender => ({
  name: model.name,
  configuration: model.configuration,
  variables: model.variables,
  itemCount: model.itemCount,
  loss,
  scores: (batch, context) => model.scores(batch, context),
  dispose: () => model.dispose(),
});

const valuesOf = ({ variables }: Recommender) =>
  Object.values(variables).map((variable) => [...variable.dataSync()]);

describe("fit", () => {
  it("learns, and leaves the best state in the recommender", async () => {
    const trainer = await smallTrainer({ epochs: 30, adam: { learningRate: 0.01 } });
    const recommender = smallRecommender();
    const before = await trainer.evaluate(recommender, smallCatalogue, { part: "validation" });
    const result = await trainer.fit(recommender, smallCatalogue);
    const after = await trainer.evaluate(recommender, smallCatalogue, { part: "validation" });
    expect(result.stopped).toBe("epochs");
    expect(result.epochHistory).toHaveLength(30);
    expect(result.epochHistory[29].losses.reconstruction).toBeLessThan(
      result.epochHistory[0].losses.reconstruction,
    );
    expect(after.metrics["recall@20"]).toBeGreaterThan(1.2 * before.metrics["recall@20"]);
    expect(after.metrics).toEqual(result.bestMetrics);
    expect(result.evaluationHistory.find(({ epoch }) => epoch === result.bestEpoch)?.best).toBe(true);
    recommender.dispose();
  });

  it("refuses a second fit of a recommender at once", async () => {
    const trainer = await smallTrainer({ epochs: 2 });
    const recommender = smallRecommender();
    const fits = await Promise.allSettled([
      trainer.fit(recommender, smallCatalogue),
      trainer.fit(recommender, smallCatalogue),
    ]);
    expect(fits.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    recommender.dispose();
  });

  it("scores for many callers at once while it fits", async () => {
    // One epoch: what the callback sees is what the fit leaves.
    const trainer = await smallTrainer({ epochs: 1, evaluateEvery: 1 });
    const recommender = smallRecommender();
    const rows = [1, 4, 60].map((length) =>
      rowsOf(
        smallCatalogue.train,
        Int32Array.from({ length }, (_, user) => user + length),
      ),
    );
    let together: Float32Array[] = [];
    const onEpochEnd = async () => {
      together = await Promise.all(rows.map((one) => trainer.scores(recommender, one)));
    };
    await trainer.fit(recommender, smallCatalogue, { callbacks: [{ onEpochEnd }] });
    for (const [index, one] of rows.entries())
      expect(together[index]).toEqual(await trainer.scores(recommender, one));
    recommender.dispose();
  });

  it("shows its present state to callbacks that score, and fits a recommender once at a time", async () => {
    const trainer = await smallTrainer({ epochs: 2 });
    const recommender = smallRecommender();
    const seen: number[][] = [];
    const onEpochEnd = async () => {
      seen.push([...(await trainer.scores(recommender, rowsOf(smallCatalogue.train, Int32Array.of(1))))]);
    };
    const fitting = trainer.fit(recommender, smallCatalogue, { callbacks: [{ onEpochEnd }] });
    while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await expect(trainer.fit(recommender, smallCatalogue)).rejects.toThrow(/is being fitted already/);
    await fitting;
    expect(seen[1]).not.toEqual(seen[0]);
    const after = await trainer.scores(recommender, rowsOf(smallCatalogue.train, Int32Array.of(1)));
    expect([...after]).toEqual(seen[1]);
    recommender.dispose();
  });

  it("is a function of its seed", async () => {
    const run = async (seed: number) => {
      const recommender = smallRecommender();
      await (await smallTrainer({ epochs: 2, seed })).fit(recommender, smallCatalogue);
      const values = valuesOf(recommender);
      recommender.dispose();
      return values;
    };
    const first = await run(1);
    expect(await run(1)).toEqual(first);
    expect(await run(2)).not.toEqual(first);
  });

  it("stops when no evaluation was better for as long as its patience", async () => {
    const trainer = await smallTrainer({
      epochs: 100,
      evaluateEvery: 1,
      patience: 3,
      adam: { learningRate: 1e-12 },
    });
    const recommender = smallRecommender();
    const result = await trainer.fit(recommender, smallCatalogue);
    expect(result.stopped).toBe("patience");
    expect(result.epochs).toBe(result.bestEpoch + 3);
    recommender.dispose();
  });

  it("reports every step, epoch and evaluation", async () => {
    const seen: string[] = [];
    const callbacks: TrainingCallbacks = {
      onStep: ({ epoch, step, stepsPerEpoch }) => void seen.push(`step ${epoch}:${step}/${stepsPerEpoch}`),
      onEpochEnd: async ({ epoch }) => void seen.push(`epoch ${epoch}`),
      onEvaluation: ({ epoch }) => void seen.push(`evaluation ${epoch}`),
    };
    const recommender = smallRecommender();
    const trainer = await smallTrainer({ epochs: 2, batchSize: 100 });
    await trainer.fit(recommender, smallCatalogue, { callbacks: [callbacks] });
    expect(seen).toEqual([
      ...["step 0:1/2", "step 0:2/2", "epoch 1"],
      ...["step 1:1/2", "step 1:2/2", "epoch 2", "evaluation 2"],
    ]);
    recommender.dispose();
  });

  it.each(["compiled", "eager"] as const)(
    "keeps the number of tensors over 50 epochs, %s",
    async (engine) => {
      const trainer = await smallTrainer({ epochs: 50, engine });
      const recommender = smallRecommender();
      const before = tf.memory().numTensors;
      const counts: number[] = [];
      const onEpochEnd = () => void counts.push(tf.memory().numTensors);
      await trainer.fit(recommender, smallCatalogue, { callbacks: [{ onEpochEnd }] });
      expect(new Set(counts).size).toBe(1);
      expect(tf.memory().numTensors).toBe(before);
      recommender.dispose();
    },
  );

  it("refuses data of other sizes than the recommender was made for", async () => {
    const trainer = await smallTrainer();
    const recommender = smallRecommender();
    const [more, other] = [
      { users: 151, items: 80 },
      { users: 150, items: 81 },
    ].map((sizes) => syntheticCatalogue(sizes));
    await expect(trainer.fit(recommender, more)).rejects.toThrow(
      /151 users and 80 items; expected 150 users and 80 items, as mult-vae\+mddm/,
    );
    await expect(trainer.evaluate(recommender, other)).rejects.toThrow(InvalidDataError);
    const scoring = trainer.scores(recommender, rowsOf(other.train, Int32Array.of(0)));
    await expect(scoring).rejects.toThrow(
      /rows: 81 items; expected 80 items, as mult-vae\+mddm was made for/,
    );
    recommender.dispose();
  });

  it.each(["compiled", "eager"] as const)(
    "stops at a loss that is not finite, naming step and term, %s",
    async (engine) => {
      const trainer = await smallTrainer({ engine, adam: { learningRate: 1e30 } });
      const recommender = smallRecommender();
      const before = tf.memory().numTensors;
      const failure = await trainer.fit(recommender, smallCatalogue).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(NonFiniteLossError);
      expect(String(failure)).toMatch(/the loss term "\w+" is (NaN|Infinity) at step \d/);
      expect(tf.memory().numTensors).toBe(before);
      recommender.dispose();
    },
  );
});

describe("createTrainer", () => {
  it.each([
    [{ epochs: 0 }, /epochs/],
    [{ batchSize: -1 }, /batchSize/],
    [{ adam: { learningRate: 0 } }, /adam\.learningRate/],
    [{ monitor: "recall@50" }, /monitor: is never computed/],
    [{ monitor: "accuracy@20" }, /monitor/],
  ])("refuses %j", async (options, message) => {
    await expect(createTrainer(options)).rejects.toThrow(InvalidOptionsError);
    await expect(createTrainer(options)).rejects.toThrow(message);
  });

  it("compiles where nothing else is asked for, and says what runs and why", async () => {
    const { engine } = await createTrainer({ threads: 1 });
    expect(engine).toEqual({
      name: "compiled",
      backend: "ONNX Runtime, cpu, 1 threads",
      reason: "the fastest",
    });
    expect((await createTrainer({ engine: "compiled" })).engine.reason).toBe("asked for");
    const eager = await createTrainer({ engine: "eager" });
    expect(eager.engine).toMatchObject({ name: "eager", backend: "wasm" });
    expect(eager.engine.reason).toMatch(/^node-gpu: .+; node: .+/);
    const plain = await createTrainer({ backend: "cpu" });
    expect(plain.engine).toEqual({ name: "eager", backend: "cpu", reason: "asked for" });
    await expect(createTrainer({ engine: "compiled", backend: "cpu" })).rejects.toThrow(InvalidOptionsError);
  });

  it("runs a model eagerly that cannot be compiled, with the reason, unless it was asked not to", async () => {
    const model = smallRecommender();
    const unmapped = withLoss(model, (batch, context) => {
      const counts = tf.bincount(batch.items, tf.onesLike(batch.weights), smallCatalogue.itemCount);
      return { ...model.loss(batch, context), extra: tf.mul<tf.Scalar>(0, tf.sum(counts)) };
    });
    const compiled = await smallTrainer({ engine: "compiled", epochs: 1 });
    await expect(compiled.fit(unmapped, smallCatalogue)).rejects.toThrow(
      /the tfjs kernel Bincount is not mapped/,
    );
    const trainer = await smallTrainer({ epochs: 1 });
    const result = await trainer.fit(unmapped, smallCatalogue);
    expect(result.epochs).toBe(1);
    expect(trainer.engine.name).toBe("eager");
    expect(trainer.engine.reason).toMatch(/^not compiled: the tfjs kernel Bincount is not mapped/);
    model.dispose();
  });

  it("says that a backend or an execution provider asked for is not there", async () => {
    await expect(createTrainer({ executionProvider: "cuda", engine: "compiled" })).rejects.toThrow(/"cuda"/);
    await expect(createTrainer({ executionProvider: "cuda" })).rejects.toThrow(/"cuda"/);
    await expect(createTrainer({ backend: "node-gpu" })).rejects.toThrow(
      /no tensor backend could be started for "node-gpu" \(node-gpu: /,
    );
  });

  it("leaves the process's handling of failures as it was", async () => {
    const listeners = () => [process.listeners("uncaughtException"), process.listeners("unhandledRejection")];
    const before = listeners();
    await createTrainer({ backend: "wasm" });
    expect(listeners()).toEqual(before);
  });

  it("gives the same training on WASM and plain JavaScript, up to rounding", async () => {
    const recalls: number[] = [];
    for (const backend of ["wasm", "cpu"] as const) {
      const trainer = await smallTrainer({ backend });
      const recommender = multVae({
        itemCount: smallCatalogue.itemCount,
        hiddenDimension: 16,
        latentDimension: 4,
      });
      const { epochHistory } = await trainer.fit(recommender, smallCatalogue);
      recalls.push(epochHistory[5].losses.total);
      recommender.dispose();
    }
    expect(Math.abs(recalls[0] - recalls[1]) / recalls[1]).toBeLessThan(1e-4);
  });
});
