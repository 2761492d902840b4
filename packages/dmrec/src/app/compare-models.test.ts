import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { syntheticCatalogue } from "@dmrec/data";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultZoo as zoo } from "../zoo/default-zoo";
import { compareModels, type Outcome } from "./compare-models";
import { resolvePlan } from "./resolve-plan";

const data = syntheticCatalogue({ users: 120, items: 40, embeddingWidth: 8 });
const plan = (models: readonly string[], monitor = "recall@20") =>
  resolvePlan(
    {
      base: "mult-vae",
      settings: "default",
      models,
      seed: 1,
      monitor,
      hidden: 8,
      latent: 4,
      epochs: 6,
      batchSize: 40,
    },
    data,
    zoo,
  );
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "dmrec-comparison-"));
});
afterAll(() => rm(directory, { recursive: true }));

async function outcomesOf(comparison: AsyncIterable<Outcome>): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for await (const outcome of comparison) outcomes.push(outcome);
  return outcomes;
}

describe("compareModels", () => {
  it("trains the models in their order, measures them, and keeps the best on validation open", async () => {
    const runs = join(directory, "finished");
    const comparison = await compareModels(data, plan(["base", "mddm", "popularity"], "ndcg@10"), {
      directory: runs,
    });
    expect(comparison.best).toBeUndefined();
    const outcomes = await outcomesOf(comparison);
    expect(outcomes.map(({ kind, name }) => [kind, name])).toEqual([
      ["finished", "base"],
      ["finished", "mddm"],
      ["finished", "popularity"],
    ]);
    const values = outcomes.map(({ training }) => training.bestMetrics["ndcg@10"]);
    const best = values.indexOf(Math.max(...values));
    expect(comparison.best).toMatchObject({ name: outcomes[best].name, value: values[best] });
    expect(await comparison.best?.model.recommend({ userIndex: 3, count: 4 })).toHaveLength(4);
    for (const name of ["base", "mddm"])
      expect(existsSync(join(runs, name, "weights.safetensors"))).toBe(true);
    expect(existsSync(join(runs, "base", "checkpoint.json"))).toBe(true);
    await comparison.removeCheckpoints();
    expect(existsSync(join(runs, "base", "checkpoint.json"))).toBe(false);
    await comparison.close();
    await comparison.close();
    await expect(comparison.best?.model.recommend({ userIndex: 3 })).rejects.toThrow(/closed/);
  });

  it("ends with the model that the signal interrupts, and continues it in the next comparison", async () => {
    const models = plan(["base", "mddm"]);
    const whole = await compareModels(data, models);
    const expected = await outcomesOf(whole);
    await whole.close();

    const controller = new AbortController();
    let steps = 0;
    const onStep = () => {
      steps += 1;
      if (steps === 4) controller.abort();
    };
    const options = { directory: join(directory, "interrupted"), callbacks: () => [{ onStep }] };
    const first = await compareModels(data, models, { ...options, abortSignal: controller.signal });
    expect((await outcomesOf(first)).map(({ kind, name }) => [kind, name])).toEqual([
      ["interrupted", "base"],
    ]);
    expect(first.best).toBeUndefined();
    const second = await compareModels(data, models, options);
    const outcomes = await outcomesOf(second);
    await second.close();
    expect(outcomes.map(({ training }) => training.bestMetrics)).toEqual(
      expected.map(({ training }) => training.bestMetrics),
    );
  });

  it("refuses training options that are out of range before anything is trained", async () => {
    const { training, models } = plan(["base", "mddm"]);
    const wrong = { ...models[1], training: { batchSize: 0 } };
    await expect(compareModels(data, { training, models: [models[0], wrong] })).rejects.toThrow(/batchSize/);
  });
});
