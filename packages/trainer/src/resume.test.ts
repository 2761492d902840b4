import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cvga, multVae } from "@dmrec/base-models";
import {
  FileError,
  type FitOptions,
  InvalidOptionsError,
  type Recommender,
  type StepProgress,
  type Trainer,
} from "@dmrec/core";
import { godm, withMatching } from "@dmrec/matching";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compiled, eager } from "./index";
import {
  rememberingRecommender,
  scoresOf,
  smallCatalogue,
  smallRecommender,
  smallTrainer,
} from "./testing/small-run";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "dmrec-run-"));
});
afterEach(() => rm(directory, { recursive: true }));

/** Fits a recommender and returns the result with scores, which are equal to the bit if the weights are. */
async function fit(trainer: Trainer, options: FitOptions = {}, recommender = smallRecommender()) {
  await using model = await trainer.fit(recommender, smallCatalogue, options);
  return { ...model.training, scores: await scoresOf(model) };
}

const engines = { compiled: compiled(), eager: eager() };
const engineNames = ["compiled", "eager"] as const;

/** Options that stop a fit after some steps in all. */
function stopAfter(stop: number): Pick<FitOptions, "abortSignal" | "callbacks"> {
  const controller = new AbortController();
  const onStep = ({ epoch, step, stepsPerEpoch }: StepProgress) => {
    if (epoch * stepsPerEpoch + step >= stop) controller.abort();
  };
  return { abortSignal: controller.signal, callbacks: [{ onStep }] };
}

describe("a run that is interrupted and resumed", () => {
  it.each(["compiled", "eager"] as const)(
    "ends to the bit as one that was not, wherever it stopped, %s",
    async (name) => {
      const trainer = await smallTrainer({ engine: engines[name] });
      const expected = await fit(trainer);

      for (const stops of [[1], [5, 8, 23], [29]]) {
        const run = join(directory, stops.join("-"));
        for (const stop of stops) {
          const controller = new AbortController();
          let steps = 0;
          const onStep = ({ epoch, step, stepsPerEpoch }: StepProgress) => {
            steps = epoch * stepsPerEpoch + step;
            if (steps >= stop) controller.abort();
          };
          const options = { directory: run, abortSignal: controller.signal, callbacks: [{ onStep }] };
          expect((await fit(trainer, options)).stopped).toBe("interrupted");
          expect(steps).toBe(stop);
        }
        const resumed = await fit(trainer, { directory: run });
        expect(resumed.scores).toEqual(expected.scores);
        expect(resumed.bestMetrics).toEqual(expected.bestMetrics);
        expect(resumed.evaluationHistory).toEqual(expected.evaluationHistory);
        expect(resumed.epochHistory.map(({ losses }) => losses)).toEqual(
          expected.epochHistory.map(({ losses }) => losses),
        );
      }
    },
  );

  it.each(engineNames)(
    "ends as one that was not if its model depends on its past steps, on one open model too, %s",
    async (name) => {
      const trainer = await smallTrainer({ engine: engines[name] });
      const recommender = rememberingRecommender();
      const expected = await fit(trainer, {}, recommender);

      const reopened = join(directory, "reopened");
      for (const stop of [3, 17])
        await fit(trainer, { directory: reopened, ...stopAfter(stop) }, recommender);
      expect((await fit(trainer, { directory: reopened }, recommender)).scores).toEqual(expected.scores);

      await using model = await trainer.open(recommender);
      const open = { directory: join(directory, "open") };
      for (const stop of [3, 17]) {
        expect((await model.fit(smallCatalogue, { ...open, ...stopAfter(stop) })).stopped).toBe(
          "interrupted",
        );
      }
      // Another run on the same open model changes nothing for this one.
      await model.fit(smallCatalogue, { directory: join(directory, "other"), ...stopAfter(8) });
      // The checkpoint of a fit that was resumed on an open model serves a new one, too.
      await model.fit(smallCatalogue, { ...open, ...stopAfter(23) });
      const resumed = await fit(trainer, open, recommender);
      expect(resumed.scores).toEqual(expected.scores);
      expect(resumed.evaluationHistory).toEqual(expected.evaluationHistory);
      const finished = await model.fit(smallCatalogue, open);
      expect(finished.evaluationHistory).toEqual(expected.evaluationHistory);
      expect(await scoresOf(model)).toEqual(expected.scores);
    },
  );

  it("is not run again once it is finished, and continues when it may take more epochs", async () => {
    const first = await fit(await smallTrainer(), { directory });
    let steps = 0;
    const onStep = () => {
      steps += 1;
    };
    const again = await fit(await smallTrainer(), { directory, callbacks: [{ onStep }] });
    expect([steps, again.epochs]).toEqual([0, 6]);
    expect(again.scores).toEqual(first.scores);

    const longer = await fit(await smallTrainer({ epochs: 8 }), { directory });
    const expected = await fit(await smallTrainer({ epochs: 8 }));
    expect(longer.evaluationHistory).toEqual(expected.evaluationHistory);
    expect(longer.scores).toEqual(expected.scores);
  });

  it("ends with more epochs as one that had them from the start, though its last was evaluated out of turn", async () => {
    const evaluation = { interval: 3 };
    const trainer = await smallTrainer({ evaluation, epochs: 4 });
    const ended = await fit(trainer, { directory });
    expect(await fit(trainer, { directory })).toEqual(ended);
    expect(ended.evaluationHistory.map(({ epoch }) => epoch)).toEqual([3, 4]);

    const longer = await fit(await smallTrainer({ evaluation, epochs: 9 }), { directory });
    const expected = await fit(await smallTrainer({ evaluation, epochs: 9 }));
    expect(longer.evaluationHistory).toEqual(expected.evaluationHistory);
    expect(longer.scores).toEqual(expected.scores);
  });

  it("refuses to continue with another model or seed, and starts again on request", async () => {
    const trainer = await smallTrainer({ epochs: 2 });
    await fit(trainer, { directory });
    const manifest = await readFile(join(directory, "manifest.json"), "utf8");
    await expect(fit(trainer, { directory }, smallRecommender(5))).rejects.toThrow(
      /latentDimension was 8 and is 5/,
    );
    expect(await readFile(join(directory, "manifest.json"), "utf8")).toBe(manifest);
    const reseeded = await smallTrainer({ epochs: 2, seed: 12 });
    await expect(fit(reseeded, { directory })).rejects.toThrow(/training\.seed was 11 and is 12/);
    const fresh = await fit(trainer, { directory, resume: "never" }, smallRecommender(5));
    expect(fresh.epochs).toBe(2);
  });

  it("fails if a checkpoint is required and there is none", async () => {
    const required = fit(await smallTrainer(), { directory, resume: "required" });
    await expect(required).rejects.toThrow(FileError);
    const nowhere = fit(await smallTrainer(), { resume: "required" });
    await expect(nowhere).rejects.toThrow(InvalidOptionsError);
    await expect(nowhere).rejects.toThrow(/^fit: resume: "required" needs the directory/);
  });

  it("writes a manifest of the run and its results", async () => {
    const recommender = smallRecommender();
    const result = await fit(await smallTrainer({ epochs: 2 }), { directory }, recommender);
    const manifest = JSON.parse(await readFile(join(directory, "manifest.json"), "utf8"));
    expect(manifest).toMatchObject({
      status: "finished",
      model: recommender.configuration,
      training: { seed: 11, batchSize: 32 },
      data: { users: 150, items: 80 },
      engine: { name: "compiled", backend: expect.stringMatching(/^ONNX Runtime, cpu/) },
      versions: { tfjs: "4.22.0", node: process.version },
      results: { bestEpoch: result.bestEpoch, bestMetrics: result.bestMetrics },
    });
    expect(manifest.data.sha256).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("a file of weights", () => {
  it("gives another recommender of the same configuration the same scores", async () => {
    const trainer = await smallTrainer({ epochs: 1 });
    await using trained = await trainer.fit(smallRecommender(), smallCatalogue);
    const file = join(directory, "weights.safetensors");
    await trained.save(file);
    await using loaded = await trainer.open(smallRecommender(), { weights: file });
    expect(await scoresOf(loaded)).toEqual(await scoresOf(trained));
    await expect(trainer.open(smallRecommender(5), { weights: file })).rejects.toThrow(
      /belongs to another model .*latentDimension was 8 and is 5/,
    );
    const absent = trainer.open(smallRecommender(), { weights: join(directory, "absent") });
    await expect(absent).rejects.toThrow(FileError);
  });

  it("is refused by a model of another graph or other embeddings of the same size", async () => {
    const { train, itemCount, profileEmbeddings } = smallCatalogue;
    if (!profileEmbeddings) throw new Error("the catalogue has embeddings");
    const trainer = await smallTrainer();
    const file = join(directory, "weights.safetensors");
    const save = async (recommender: Recommender) => {
      await using model = await trainer.open(recommender);
      await model.save(file);
    };
    const relabelled = { ...train, items: train.items.map((item) => itemCount - 1 - item) };
    const graphs = [train, relabelled].map((interactions) => cvga({ interactions, latentDimension: 4 }));
    await save(graphs[0]);
    await expect(trainer.open(graphs[1], { weights: file })).rejects.toThrow(
      /belongs to another model \(configuration\.graphFingerprint was "\w{16}" and is "\w{16}"\)/,
    );

    const items = { ...profileEmbeddings.items, values: profileEmbeddings.items.values.toReversed() };
    const matched = [profileEmbeddings, { ...profileEmbeddings, items }].map((own) =>
      withMatching(multVae({ itemCount, hiddenDimension: 6, latentDimension: 4 }), {
        profileEmbeddings: own,
        strategy: godm({ beta: 1 }),
        hiddenDimension: 6,
      }),
    );
    await save(matched[0]);
    await expect(trainer.open(matched[1], { weights: file })).rejects.toThrow(
      /itemEmbeddingsFingerprint was/,
    );
  });
});
