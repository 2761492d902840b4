import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { multVae } from "@dmrec/base-models";
import { itemTable, parameter, type Recommender } from "@dmrec/core";
import { gatherRows } from "@dmrec/data";
import { mddm, withMatching } from "@dmrec/matching";
import { describe, expect, it } from "vitest";
import type { EngineSession } from "./engine/engine";
import { startEngine } from "./engine/start-engine";
import { compiled, eager } from "./index";
import { type AdamOptions, adamSchema } from "./optimizer/adam";
import { rememberingRecommender, scoresOf, smallCatalogue, smallTrainer } from "./testing/small-run";

const { itemCount, profileEmbeddings, train } = smallCatalogue;
const engines = { compiled: compiled(), eager: eager({ backend: "cpu" }) };
const names = ["compiled", "eager"] as const;
const tables = ["encoder.hidden.weights", "decoder.output.weights", "decoder.output.bias"];

const sampled = (softmaxSamples = 6) =>
  multVae({ itemCount, hiddenDimension: 12, latentDimension: 4, softmaxSamples });
const matched = () =>
  withMatching(sampled(), { profileEmbeddings, strategy: mddm({ beta: 0.5 }), hiddenDimension: 12 });

/** A step's users with a sample of items that counts each once. */
function rowsOf(users: readonly number[], drawn: readonly number[]) {
  const rows = gatherRows(train, Int32Array.from(users));
  const sample = {
    items: Int32Array.from(drawn),
    logWeights: new Float32Array(drawn.length).fill(2),
    places: rows.items.map((item) => (drawn.includes(item) ? drawn.indexOf(item) : drawn.length)),
  };
  return { ...rows, sample };
}

const steps = [rowsOf([1, 2, 3], [0, 7, 70]), rowsOf([4, 5, 9], [1, 7, 71]), rowsOf([1, 8, 20], [2, 7, 72])];

/** Opens a model, lets it take steps of `steps`, and reads its arrays before closing it. */
async function run(
  name: (typeof names)[number],
  recommender: Recommender,
  count: number,
  adam: AdamOptions = {},
  prepare: (session: EngineSession) => void = () => {},
) {
  const engine = await startEngine(engines[name]);
  const session = await engine.open(recommender, { seed: 3, adam: adamSchema.parse(adam) });
  prepare(session);
  const losses: number[] = [];
  for (const [step, rows] of steps.slice(0, count).entries())
    losses.push(...Object.values(await session.step(rows, { step, epoch: 0 })));
  const arrays = {
    parameters: await session.readParameters(),
    moments: await session.readOptimizer(),
    losses,
  };
  await session.close();
  return arrays;
}

describe("updates of the rows that a step touches", () => {
  it.each(names)("leave all other rows of values and moments as they are, to the bit, %s", async (name) => {
    const [one, two] = [await run(name, sampled(), 1), await run(name, sampled(), 2)];
    const touched = new Set([...steps[1].items, ...steps[1].sample.items]);
    expect(touched.size).toBeLessThan(itemCount / 2);
    for (const table of tables) {
      for (const [before, after] of [
        [one.parameters[table], two.parameters[table]],
        [one.moments[`mean.${table}`], two.moments[`mean.${table}`]],
        [one.moments[`square.${table}`], two.moments[`square.${table}`]],
      ]) {
        expect(after.shape[0]).toBe(itemCount);
        const width = after.values.length / itemCount;
        for (let item = 0; item < itemCount; item += 1) {
          const rows = [before, after].map(({ values }) => values.slice(item * width, (item + 1) * width));
          // A bias and a decoder's row of a touched item always move.
          if (!touched.has(item)) expect(rows[1]).toEqual(rows[0]);
          else if (table.startsWith("decoder")) expect(rows[1]).not.toEqual(rows[0]);
        }
      }
    }
  });

  it.each(names)("are those of Adam as long as every step touches every item, %s", async (name) => {
    const all = Array.from({ length: itemCount }, (_, item) => item);
    const engine = await startEngine(engines[name]);
    const ends = [];
    for (const rowWise of [true, false]) {
      const adam = adamSchema.parse({ rowWise, weightDecay: 0.1, maximumGradientNorm: 0.5 });
      const session = await engine.open(sampled(itemCount), { seed: 3, adam });
      for (let step = 0; step < 4; step += 1) await session.step(rowsOf([step, 9], all), { step, epoch: 0 });
      ends.push(await session.readParameters());
      await session.close();
    }
    const [rows, whole] = ends;
    for (const [array, { values }] of Object.entries(rows)) {
      const largest = Math.max(...values.map((value, index) => Math.abs(value - whole[array].values[index])));
      expect(largest, array).toBeLessThan(1e-6);
    }
  });

  it("are alike on both engines, alone and matched", async () => {
    for (const recommender of [sampled, matched]) {
      const [one, other] = [await run("compiled", recommender(), 3), await run("eager", recommender(), 3)];
      one.losses.forEach((loss, term) => {
        expect(Math.abs(loss - other.losses[term]) / Math.max(1, Math.abs(loss))).toBeLessThan(1e-5);
      });
      expect(Object.keys(one.parameters)).toEqual(Object.keys(other.parameters));
      for (const [array, { values }] of Object.entries(one.parameters)) {
        const moved = values.map((value, index) => Math.abs(value - other.parameters[array].values[index]));
        // Adam's first steps divide gradients near 0 by their own size: a few numbers may differ by a whole step.
        expect(moved.toSorted()[Math.floor(0.99 * moved.length)], array).toBeLessThan(1e-5);
      }
    }
  });

  it("do not change the model that was opened", async () => {
    const recommender = sampled();
    const [first, second] = [await run("compiled", recommender, 3), await run("compiled", recommender, 3)];
    expect(second.parameters).toEqual(first.parameters);
  });

  it.each(names)("start again from weights and moments that are written, %s", async (name) => {
    const two = await run(name, sampled(), 2);
    const again = await run(name, sampled(), 2, {}, (session) => {
      session.writeParameters(two.parameters);
      session.writeOptimizer({});
    });
    const fresh = await run(name, sampled(), 2, {}, (session) => session.writeParameters(two.parameters));
    expect(again).toEqual(fresh);
    const continued = await run(name, sampled(), 2, {}, (session) => {
      session.writeParameters(two.parameters);
      session.writeOptimizer(two.moments);
    });
    expect(continued.parameters).not.toEqual(fresh.parameters);
  });

  it.each(names)("resume a matched model to the bit, and only with the same choice, %s", async (name) => {
    const directory = await mkdtemp(join(tmpdir(), "dmrec-row-wise-"));
    try {
      const options = { engine: engines[name], epochs: 2 };
      const trainer = await smallTrainer(options);
      await using whole = await trainer.fit(matched(), smallCatalogue);
      const controller = new AbortController();
      const onStep = ({ step }: { step: number }) => {
        if (step === 3) controller.abort();
      };
      const stopped = { directory, abortSignal: controller.signal, callbacks: [{ onStep }] };
      await using part = await trainer.fit(matched(), smallCatalogue, stopped);
      expect(part.training.stopped).toBe("interrupted");
      const dense = await smallTrainer({ ...options, adam: { rowWise: false } });
      await expect(dense.fit(matched(), smallCatalogue, { directory })).rejects.toThrow(
        /another run.*training\.rowWise/s,
      );
      await using resumed = await trainer.fit(matched(), smallCatalogue, { directory });
      expect(await scoresOf(resumed)).toEqual(await scoresOf(whole));
      expect(resumed.training.bestMetrics).toEqual(whole.training.bestMetrics);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it("do not concern models without tables of items", async () => {
    const [rows, whole] = await Promise.all(
      [true, false].map(async (rowWise) => {
        const trainer = await smallTrainer({ engine: compiled(), epochs: 1, adam: { rowWise } });
        await using model = await trainer.fit(rememberingRecommender(), smallCatalogue);
        return scoresOf(model);
      }),
    );
    expect(rows).toEqual(whole);
  });
});

it("refuses a table of items that has no row for each item", async () => {
  const trainer = await smallTrainer({ engine: compiled() });
  const wrong = {
    ...sampled(),
    parameters: { items: itemTable(parameter([3, 2], new Float32Array(6))) },
    loss: () => ({}),
    scores: sampled().scores,
  };
  await expect(trainer.open(wrong)).rejects.toThrow(
    /parameters\.items: a table of items of the shape \[3, 2\]; expected a row for each of 80 items/,
  );
});
