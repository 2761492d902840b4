import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cvga, multVae } from "@dmrec/base-models";
import { CheckpointError, type Recommender } from "@dmrec/core";
import { godm, withMatching } from "@dmrec/matching";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadWeights, saveWeights } from "./index";
import { smallCatalogue, smallRecommender, smallTrainer } from "./testing/small-run";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "dmrec-run-"));
});
afterEach(() => rm(directory, { recursive: true }));

/** Every number of a recommender: equal means to the bit. */
const bits = ({ variables }: Recommender) =>
  Object.fromEntries(Object.entries(variables).map(([name, variable]) => [name, [...variable.dataSync()]]));

describe("a run that is interrupted and resumed", () => {
  it.each(["compiled", "eager"] as const)(
    "ends to the bit as one that was not, wherever it stopped, %s",
    async (engine) => {
      const trainer = await smallTrainer({ engine });
      const whole = smallRecommender();
      const expected = await trainer.fit(whole, smallCatalogue);

      for (const stops of [[1], [5], [7, 8, 23], [29]]) {
        const run = join(directory, stops.join("-"));
        for (const stop of stops) {
          const recommender = smallRecommender();
          const controller = new AbortController();
          let steps = 0;
          const onStep = ({
            epoch,
            step,
            stepsPerEpoch,
          }: {
            epoch: number;
            step: number;
            stepsPerEpoch: number;
          }) => {
            steps = epoch * stepsPerEpoch + step;
            if (steps >= stop) controller.abort();
          };
          const options = { directory: run, signal: controller.signal, callbacks: [{ onStep }] };
          expect((await trainer.fit(recommender, smallCatalogue, options)).stopped).toBe("interrupted");
          expect(steps).toBe(stop);
          recommender.dispose();
        }
        const resumed = smallRecommender();
        const result = await trainer.fit(resumed, smallCatalogue, { directory: run });
        expect(bits(resumed)).toEqual(bits(whole));
        expect(result.bestMetrics).toEqual(expected.bestMetrics);
        expect(result.evaluationHistory).toEqual(expected.evaluationHistory);
        expect(result.epochHistory.map(({ losses }) => losses)).toEqual(
          expected.epochHistory.map(({ losses }) => losses),
        );
        resumed.dispose();
      }
      whole.dispose();
    },
  );

  it("is not run again once it is finished, and goes on when it may take more epochs", async () => {
    const first = smallRecommender();
    await (await smallTrainer()).fit(first, smallCatalogue, { directory });
    const again = smallRecommender();
    let steps = 0;
    const onStep = () => {
      steps += 1;
    };
    const callbacks = [{ onStep }];
    const result = await (await smallTrainer()).fit(again, smallCatalogue, { directory, callbacks });
    expect([steps, result.epochs]).toEqual([0, 6]);
    expect(bits(again)).toEqual(bits(first));

    const longer = smallRecommender();
    const more = await (await smallTrainer({ epochs: 8 })).fit(longer, smallCatalogue, { directory });
    const fresh = smallRecommender();
    const expected = await (await smallTrainer({ epochs: 8 })).fit(fresh, smallCatalogue);
    expect(more.evaluationHistory).toEqual(expected.evaluationHistory);
    for (const recommender of [first, again, longer, fresh]) recommender.dispose();
  });

  it("ends with more epochs as one that had them from the start, though its last was evaluated out of turn", async () => {
    const every = { evaluateEvery: 3 };
    const short = smallRecommender();
    const trainer = await smallTrainer({ ...every, epochs: 4 });
    const ended = await trainer.fit(short, smallCatalogue, { directory });
    const again = smallRecommender();
    expect(await trainer.fit(again, smallCatalogue, { directory })).toEqual(ended);
    expect(ended.evaluationHistory.map(({ epoch }) => epoch)).toEqual([3, 4]);
    expect(bits(again)).toEqual(bits(short));

    const longer = smallRecommender();
    const more = await (await smallTrainer({ ...every, epochs: 9 })).fit(longer, smallCatalogue, {
      directory,
    });
    const fresh = smallRecommender();
    const expected = await (await smallTrainer({ ...every, epochs: 9 })).fit(fresh, smallCatalogue);
    expect(more.evaluationHistory).toEqual(expected.evaluationHistory);
    expect(bits(longer)).toEqual(bits(fresh));
    for (const recommender of [short, again, longer, fresh]) recommender.dispose();
  });

  it("refuses to go on with another model or seed, and starts anew when told to", async () => {
    const recommender = smallRecommender();
    await (await smallTrainer({ epochs: 2 })).fit(recommender, smallCatalogue, { directory });
    const other = smallRecommender(5);
    const trainer = await smallTrainer({ epochs: 2 });
    const manifest = await readFile(join(directory, "manifest.json"), "utf8");
    await expect(trainer.fit(other, smallCatalogue, { directory })).rejects.toThrow(
      /latentDimension was 8 and is 5/,
    );
    expect(await readFile(join(directory, "manifest.json"), "utf8")).toBe(manifest);
    const reseeded = await smallTrainer({ epochs: 2, seed: 12 });
    await expect(reseeded.fit(recommender, smallCatalogue, { directory })).rejects.toThrow(
      /training\.seed was 11 and is 12/,
    );
    expect((await trainer.fit(other, smallCatalogue, { directory, resume: "never" })).epochs).toBe(2);
    recommender.dispose();
    other.dispose();
  });

  it("fails where a checkpoint is required and there is none", async () => {
    const recommender = smallRecommender();
    const trainer = await smallTrainer();
    await expect(trainer.fit(recommender, smallCatalogue, { directory, resume: "required" })).rejects.toThrow(
      CheckpointError,
    );
    recommender.dispose();
  });

  it("writes a manifest of what was run and what came out", async () => {
    const recommender = smallRecommender();
    const result = await (await smallTrainer({ epochs: 2 })).fit(recommender, smallCatalogue, { directory });
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
    recommender.dispose();
  });
});

describe("a file of weights", () => {
  it("gives another recommender of the same configuration the same scores", async () => {
    const trainer = await smallTrainer({ epochs: 1 });
    const trained = smallRecommender();
    await trainer.fit(trained, smallCatalogue);
    const file = join(directory, "weights.safetensors");
    await saveWeights(trained, file);
    const loaded = smallRecommender();
    await loadWeights(loaded, file);
    expect(bits(loaded)).toEqual(bits(trained));
    await expect(loadWeights(smallRecommender(5), file)).rejects.toThrow(
      /belongs to another model .*latentDimension was 8 and is 5/,
    );
    await expect(loadWeights(loaded, join(directory, "absent"))).rejects.toThrow(CheckpointError);
    trained.dispose();
    loaded.dispose();
  });

  it("is refused by a model of another graph or other embeddings of the same size", async () => {
    const { train, itemCount, language } = smallCatalogue;
    if (!language) throw new Error("the catalogue has embeddings");
    const file = join(directory, "weights.safetensors");
    const relabelled = { ...train, items: train.items.map((item) => itemCount - 1 - item) };
    const graphs = [train, relabelled].map((interactions) => cvga({ interactions, latentDimension: 4 }));
    await saveWeights(graphs[0], file);
    await expect(loadWeights(graphs[1], file)).rejects.toThrow(
      /belongs to another model \(configuration\.graphFingerprint was "\w{16}" and is "\w{16}"\)/,
    );

    const turned = { ...language, items: { ...language.items, values: language.items.values.toReversed() } };
    const matched = [language, turned].map((own) =>
      withMatching(multVae({ itemCount, hiddenDimension: 6, latentDimension: 4 }), {
        language: own,
        strategy: godm({ beta: 1 }),
        hiddenDimension: 6,
      }),
    );
    await saveWeights(matched[0], file);
    await expect(loadWeights(matched[1], file)).rejects.toThrow(/itemEmbeddingsFingerprint was/);
    for (const recommender of [...graphs, ...matched]) recommender.dispose();
  });
});
