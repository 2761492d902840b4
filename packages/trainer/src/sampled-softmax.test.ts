import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type MultVaeOptions, multVae } from "@dmrec/base-models";
import type { StepProgress } from "@dmrec/core";
import { godm, withMatching } from "@dmrec/matching";
import { describe, expect, it } from "vitest";
import { compiled, eager } from "./index";
import { scoresOf, smallCatalogue, smallTrainer } from "./testing/small-run";

const { itemCount, profileEmbeddings } = smallCatalogue;
const engines = { compiled: compiled(), eager: eager() };

function sampledModel(softmaxSamples: number, options: Partial<MultVaeOptions> = {}) {
  return multVae({ itemCount, hiddenDimension: 24, latentDimension: 8, softmaxSamples, ...options });
}

describe("a model with a sampled softmax", () => {
  it("learns, alone and matched, and trains alike on both engines", async () => {
    for (const proposal of ["log-uniform", "popularity"] as const) {
      const model = sampledModel(20, { softmaxProposal: proposal });
      const matched = withMatching(model, {
        profileEmbeddings,
        strategy: godm({ beta: 0.5 }),
        hiddenDimension: 24,
      });
      for (const recommender of [model, matched]) {
        const runs = [];
        for (const engine of [engines.compiled, engines.eager]) {
          const trainer = await smallTrainer({ engine, epochs: 12, adam: { learningRate: 0.01 } });
          await using fitted = await trainer.fit(recommender, smallCatalogue);
          runs.push({ ...fitted.training, scores: await scoresOf(fitted) });
        }
        const [one, other] = runs;
        const losses = one.epochHistory.map(({ losses }) => losses.reconstruction);
        expect(losses[11]).toBeLessThan(losses[0]);
        expect(one.bestMetrics["recall@20"]).toBeGreaterThan(one.evaluationHistory[0].metrics["recall@20"]);
        for (const [epoch, loss] of losses.entries())
          expect(loss / other.epochHistory[epoch].losses.reconstruction).toBeCloseTo(1, 3);
        one.scores.forEach((score, index) => {
          expect(Math.abs(score - other.scores[index])).toBeLessThan(0.02);
        });
      }
    }
  });

  it.each(["compiled", "eager"] as const)("is the full softmax if all items are drawn, %s", async (name) => {
    const trainer = await smallTrainer({ engine: engines[name], epochs: 3 });
    await using full = await trainer.fit(sampledModel(0), smallCatalogue);
    await using drawn = await trainer.fit(sampledModel(1000), smallCatalogue);
    for (const [epoch, { losses }] of full.training.epochHistory.entries())
      expect(losses.reconstruction / drawn.training.epochHistory[epoch].losses.reconstruction).toBeCloseTo(
        1,
        4,
      );
    const expected = await scoresOf(full);
    (await scoresOf(drawn)).forEach((score, index) => {
      expect(Math.abs(score - expected[index])).toBeLessThan(1e-3);
    });
  });

  it.each(["compiled", "eager"] as const)("resumes to the bit, %s", async (name) => {
    const trainer = await smallTrainer({ engine: engines[name], epochs: 3 });
    await using whole = await trainer.fit(sampledModel(20), smallCatalogue);
    const directory = await mkdtemp(join(tmpdir(), "dmrec-sampled-"));
    for (const stop of [2, 7]) {
      const controller = new AbortController();
      const onStep = ({ epoch, step, stepsPerEpoch }: StepProgress) => {
        if (epoch * stepsPerEpoch + step >= stop) controller.abort();
      };
      const options = { directory, abortSignal: controller.signal, callbacks: [{ onStep }] };
      await using part = await trainer.fit(sampledModel(20), smallCatalogue, options);
      expect(part.training.stopped).toBe("interrupted");
    }
    await using resumed = await trainer.fit(sampledModel(20), smallCatalogue, { directory });
    expect(await scoresOf(resumed)).toEqual(await scoresOf(whole));
    await rm(directory, { recursive: true });
  });
});
