import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { multVae } from "@dmrec/base-models";
import type { SplitDataset } from "@dmrec/core";
import { gatherRows, loadDataset } from "@dmrec/data";
import { mddm, withMatching } from "@dmrec/matching";
import { expect, it } from "vitest";
import { compiled, createTrainer, type EngineChoice, eager } from "../index";
import { type AdamOptions, adamSchema } from "../optimizer/adam";
import { smallCatalogue, smallRecommender, smallTrainer } from "../testing/small-run";
import { startEngine } from "./start-engine";

const folder = resolve(process.env.DMREC_DATA_DIR ?? "../shared/data", "lastfm");

it("score alike, also for one user and for a number that is no whole number of pieces", async () => {
  const rows = {
    itemCount: 80,
    rowCount: 3,
    users: Int32Array.of(4, 9, 17),
    rows: Int32Array.of(0, 0, 2),
    items: Int32Array.of(3, 70, 12),
    weights: Float32Array.of(1, 0.5, 2),
  };
  const score = async (engine: EngineChoice) => {
    await using model = await (await smallTrainer({ engine })).open(smallRecommender());
    return model.score(rows);
  };
  const [one, other] = [await score(compiled()), await score(eager())];
  expect(one.length).toBe(3 * 80);
  one.forEach((score, index) => {
    expect(score).toBeCloseTo(other[index], 5);
  });
});

it("train alike on a small catalogue", async () => {
  const train = async (engine: EngineChoice) => {
    await using model = await (await smallTrainer({ engine })).fit(smallRecommender(), smallCatalogue);
    return model.training;
  };
  const [one, other] = [await train(compiled()), await train(eager())];
  for (const [index, { losses }] of one.epochHistory.entries()) {
    expect(losses.total).toBeCloseTo(other.epochHistory[index].losses.total, 3);
  }
});

it.each([compiled(), eager({ backend: "cpu" })])("limit the norm of the gradients: %o", async (choice) => {
  const engine = await startEngine(choice);
  const norm = async (adam: AdamOptions) => {
    const session = await engine.open(smallRecommender(), { seed: 0, adam: adamSchema.parse(adam) });
    await session.step(gatherRows(smallCatalogue.train, Int32Array.of(1, 2, 3)), { step: 0, epoch: 0 });
    // After one step the moment that is the decaying sum of the gradients is the gradient itself.
    const means = Object.entries(await session.readOptimizer()).filter(([name]) => name.startsWith("mean."));
    await session.close();
    return Math.hypot(...means.map(([, { values }]) => Math.hypot(...values)));
  };
  const free = await norm({});
  expect(await norm({ maximumGradientNorm: free / 3 })).toBeCloseTo(free / 3, 4);
  expect(await norm({ maximumGradientNorm: 3 * free })).toBeCloseTo(free, 4);
});

it.skipIf(!existsSync(folder))(
  `end within 0.001 of each other after two epochs on ${folder}`,
  async () => {
    const data = await loadDataset(folder, { onWarning: () => {} });
    const one = await metricsAfterTwoEpochs(compiled(), data);
    const other = await metricsAfterTwoEpochs(eager(), data);
    expect(one["recall@20"]).toBeGreaterThan(0.1);
    for (const [name, value] of Object.entries(one)) {
      expect(Math.abs(value - other[name]), name).toBeLessThan(1e-3);
    }
    // Five seconds on an idle machine.
  },
  300_000,
);

async function metricsAfterTwoEpochs(engine: EngineChoice, data: SplitDataset) {
  const trainer = await createTrainer({ engine, epochs: 2, evaluation: { interval: 2 } });
  const recommender = withMatching(multVae({ itemCount: data.itemCount }), {
    profileEmbeddings: data.profileEmbeddings,
    strategy: mddm({ beta: { concentration: 1 } }),
  });
  await using model = await trainer.fit(recommender, data);
  return (await model.evaluate(data)).metrics;
}
