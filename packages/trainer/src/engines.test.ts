import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { multVae } from "@dmrec/base-models";
import type { SplitDataset } from "@dmrec/core";
import { loadDataset } from "@dmrec/data";
import { mddm, withMatching } from "@dmrec/matching";
import { expect, it } from "vitest";
import { createTrainer, type EngineName } from "./index";
import { smallCatalogue, smallRecommender, smallTrainer } from "./testing/small-run";

const folder = resolve(process.env.DMREC_DATA_DIR ?? "../shared/data", "lastfm");

it("score alike, also for one user and for a number that is no whole number of pieces", async () => {
  const recommender = smallRecommender();
  const rows = {
    itemCount: 80,
    users: Int32Array.of(4, 9, 17),
    rows: Int32Array.of(0, 0, 2),
    items: Int32Array.of(3, 70, 12),
    weights: Float32Array.of(1, 0.5, 2),
  };
  const [compiled, eager] = await Promise.all(
    (["compiled", "eager"] as const).map(async (engine) =>
      (await smallTrainer({ engine })).scores(recommender, rows),
    ),
  );
  expect(compiled.length).toBe(3 * 80);
  compiled.forEach((score, index) => {
    expect(score).toBeCloseTo(eager[index], 5);
  });
  recommender.dispose();
});

it("train alike on a small catalogue", async () => {
  const run = async (engine: EngineName) => {
    const recommender = smallRecommender();
    const result = await (await smallTrainer({ engine })).fit(recommender, smallCatalogue);
    recommender.dispose();
    return result;
  };
  const [compiled, eager] = [await run("compiled"), await run("eager")];
  for (const [index, { losses }] of compiled.epochHistory.entries()) {
    expect(losses.total).toBeCloseTo(eager.epochHistory[index].losses.total, 3);
  }
});

it.skipIf(!existsSync(folder))(
  `end within 0.001 of each other after 20 epochs on ${folder}`,
  async () => {
    const data = await loadDataset(folder, { onWarning: () => {} });
    const [compiled, eager] = [
      await metricsAfter20Epochs("compiled", data),
      await metricsAfter20Epochs("eager", data),
    ];
    for (const [name, value] of Object.entries(compiled)) {
      expect(Math.abs(value - eager[name]), name).toBeLessThan(1e-3);
    }
    // Half a minute on an idle machine.
  },
  300_000,
);

async function metricsAfter20Epochs(engine: EngineName, data: SplitDataset) {
  const trainer = await createTrainer({ engine, epochs: 20, evaluateEvery: 20 });
  const recommender = withMatching(multVae({ itemCount: data.itemCount }), {
    language: data.language,
    strategy: mddm({ beta: { concentration: 1 } }),
  });
  await trainer.fit(recommender, data);
  const { metrics } = await trainer.evaluate(recommender, data);
  recommender.dispose();
  return metrics;
}
