import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvalidDataError, type StepProgress } from "@dmrec/core";
import { asTrainingSplit, gatherRows, interactionMatrix } from "@dmrec/data";
import { describe, expect, it } from "vitest";
import { compiled, eager } from "./index";
import { scoresOf, smallCatalogue, smallTrainer } from "./testing/small-run";
import { TableModel } from "./testing/table-models";

const engines = { compiled: compiled(), eager: eager() };

describe("a model that trains on pairs", () => {
  it("learns, and trains alike on both engines", async () => {
    const [one, other] = await Promise.all(
      [compiled(), eager()].map(async (engine) => {
        const trainer = await smallTrainer({
          engine,
          epochs: 40,
          batchSize: 256,
          adam: { learningRate: 0.02 },
        });
        await using model = await trainer.fit(new TableModel(smallCatalogue), smallCatalogue);
        return { ...model.training, scores: await scoresOf(model) };
      }),
    );
    const { evaluationHistory, epochHistory, bestMetrics } = one;
    expect(bestMetrics["recall@20"]).toBeGreaterThan(1.3 * evaluationHistory[0].metrics["recall@20"]);
    for (const [index, { losses }] of epochHistory.entries())
      expect(losses.ranking).toBeCloseTo(other.epochHistory[index].losses.ranking, 3);
    one.scores.forEach((score, index) => {
      expect(score).toBeCloseTo(other.scores[index], 2);
    });
  });

  it.each(["compiled", "eager"] as const)("resumes to the bit, %s", async (name) => {
    const trainer = await smallTrainer({ engine: engines[name], epochs: 3, batchSize: 500 });
    await using whole = await trainer.fit(new TableModel(smallCatalogue), smallCatalogue);
    const directory = await mkdtemp(join(tmpdir(), "dmrec-pairs-"));
    for (const stop of [2, 5]) {
      const controller = new AbortController();
      const onStep = ({ epoch, step, stepsPerEpoch }: StepProgress) => {
        if (epoch * stepsPerEpoch + step >= stop) controller.abort();
      };
      const options = { directory, abortSignal: controller.signal, callbacks: [{ onStep }] };
      await using part = await trainer.fit(new TableModel(smallCatalogue), smallCatalogue, options);
      expect(part.training.stopped).toBe("interrupted");
    }
    await using resumed = await trainer.fit(new TableModel(smallCatalogue), smallCatalogue, { directory });
    expect(await scoresOf(resumed)).toEqual(await scoresOf(whole));
    await rm(directory, { recursive: true });
  });

  it("leaves out users who have interacted with everything, and says so once", async () => {
    const train = (everything: boolean) => {
      const pairs = [0, 1, 2].map((item) => [0, item]).concat(everything ? [] : [[1, 0]]);
      const matrix = interactionMatrix({
        userCount: 2,
        itemCount: 3,
        users: Int32Array.from(pairs, ([user]) => user),
        items: Int32Array.from(pairs, ([, item]) => item),
      });
      return asTrainingSplit(matrix);
    };
    const held = interactionMatrix({
      userCount: 2,
      itemCount: 3,
      users: Int32Array.of(1),
      items: Int32Array.of(2),
    });
    const ids = { userIds: ["a", "b"], itemIds: ["x", "y", "z"] };
    const sizes = { name: "tiny", userCount: 2, itemCount: 3 };
    const data = (everything: boolean) => ({
      ...sizes,
      ...ids,
      train: train(everything),
      validation: held,
      test: held,
    });
    const trainer = await smallTrainer({ epochs: 2 });
    const warnings: string[] = [];
    const callbacks = [{ onWarning: (message: string) => void warnings.push(message) }];
    await using _ = await trainer.fit(new TableModel(sizes), data(false), { callbacks });
    expect(warnings).toEqual([
      "tiny: 1 user has interacted with every item, so no negative item exists; their interactions are left out",
    ]);
    await expect(trainer.fit(new TableModel(sizes), data(true))).rejects.toThrow(InvalidDataError);
  });
});

describe("prepare", () => {
  it.each(["compiled", "eager"] as const)("runs once for each set of weights, %s", async (name) => {
    const recommender = new TableModel(smallCatalogue);
    const trainer = await smallTrainer({ engine: engines[name], epochs: 2, batchSize: 40 });
    await using model = await trainer.open(recommender);
    const first = await model.evaluate(smallCatalogue);
    const afterFirst = recommender.preparations;
    // Many batches of users, and a second evaluation of the same weights.
    expect(await model.evaluate(smallCatalogue)).toEqual(first);
    expect(recommender.preparations).toBe(afterFirst);
    if (name === "eager") expect(afterFirst).toBe(1);
    await model.fit(smallCatalogue);
    expect((await model.evaluate(smallCatalogue)).metrics).not.toEqual(first.metrics);
  });
});

describe("a model that knows users by their index", () => {
  it("recommends to them and refuses new users", async () => {
    const trainer = await smallTrainer({ epochs: 1 });
    await using model = await trainer.fit(new TableModel(smallCatalogue), smallCatalogue);
    expect(await model.recommend({ userIndex: 7 })).toHaveLength(10);
    expect(await model.recommend({ userIndex: 7 })).not.toEqual(await model.recommend({ userIndex: 0 }));
    await expect(model.recommend({ interactions: [1] })).rejects.toThrow(
      /table knows users by their index only and cannot recommend to a new user/,
    );
    const { users: _, ...anonymous } = gatherRows(smallCatalogue.train, Int32Array.of(0));
    await expect(model.score(anonymous)).rejects.toThrow(/no users; expected users: table knows users/);
  });
});
