import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { multVae } from "@dmrec/base-models";
import { type Traffic, trafficChannel } from "@dmrec/compile";
import {
  parameter,
  type Recommender,
  type StepProgress,
  type TensorBranch,
  type Trainer,
  type UserBatch,
} from "@dmrec/core";
import { gatherRows } from "@dmrec/data";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { compiled, type EngineChoice } from "../index";
import { adamSchema } from "../optimizer/adam";
import { hasWebGpu } from "../testing/golden-steps";
import { scoresOf, smallCatalogue, smallTrainer } from "../testing/small-run";
import { startEngine } from "./start-engine";

const card = compiled({ executionProvider: "webgpu" });
const present = await hasWebGpu();
const { itemCount } = smallCatalogue;

const recommender = () => multVae({ itemCount, hiddenDimension: 12, latentDimension: 4, seed: 4 });

/** Two epochs of a step of 100 users and one of the rest, and an evaluation. */
const trainerOn = (engine: EngineChoice, batchSize = 100) => smallTrainer({ engine, epochs: 2, batchSize });

async function fit(trainer: Trainer) {
  await using model = await trainer.fit(recommender(), smallCatalogue);
  return { ...model.training, scores: await scoresOf(model) };
}

// A card that a program imitates takes seconds to start a graph, so one test holds what shares its graphs.
it.skipIf(!present)(
  "trains on a graphics card as on the CPU, resumes to the bit, and exports what it has trained (skipped without WebGPU)",
  async () => {
    const directory = await mkdtemp(join(tmpdir(), "dmrec-card-"));
    try {
      const [trainer, expected] = [await trainerOn(card), await fit(await trainerOn(compiled()))];
      const steps: Traffic[] = [];
      const listen = (message: unknown) => {
        const traffic = message as Traffic;
        if (traffic.kept > 0) steps.push(traffic);
      };
      subscribe(trafficChannel, listen);
      await using model = await trainer.fit(recommender(), smallCatalogue);
      unsubscribe(trafficChannel, listen);
      const whole = model.training;
      // Every step brings back its two losses, and no more.
      expect(steps.map(({ bytesDown }) => bytesDown)).toEqual([8, 8, 8, 8]);
      expect(model.engine.backend).toContain("webgpu");
      expect(model.engine.reason).toBe("requested");
      for (const [epoch, { losses }] of whole.epochHistory.entries())
        expect(losses.total / expected.epochHistory[epoch].losses.total).toBeCloseTo(1, 4);
      (await scoresOf(model)).forEach((score, index) => {
        expect(score).toBeCloseTo(expected.scores[index], 4);
      });
      expect(whole.bestMetrics["recall@20"]).toBeCloseTo(expected.bestMetrics["recall@20"], 2);

      const controller = new AbortController();
      const onStep = ({ epoch, step }: StepProgress) => {
        if (epoch === 1 && step === 1) controller.abort();
      };
      await using resumed = await trainer.open(recommender());
      const stopping = { directory, abortSignal: controller.signal, callbacks: [{ onStep }] };
      expect((await resumed.fit(smallCatalogue, stopping)).stopped).toBe("interrupted");
      // The card still holds the arrays of the interrupted run. The checkpoint replaces them.
      const { epochHistory } = await resumed.fit(smallCatalogue, { directory });
      expect(epochHistory.map(({ losses }) => losses)).toEqual(
        whole.epochHistory.map(({ losses }) => losses),
      );
      const [file, ownFile, weights, wholeWeights] = [
        "card.onnx",
        "cpu.onnx",
        "card.safetensors",
        "whole.safetensors",
      ].map((name) => join(directory, name));
      await resumed.save(weights);
      await model.save(wholeWeights);
      expect(await readFile(weights)).toEqual(await readFile(wholeWeights));

      await resumed.export(file);
      await using onCpu = await (await trainerOn(compiled())).open(recommender(), {
        weights,
        data: smallCatalogue,
      });
      await onCpu.export(ownFile);
      expect(await readFile(file)).toEqual(await readFile(ownFile));

      // The part whose ranking the training has started already.
      const part = { part: "validation" } as const;
      const [own, other] = [
        await resumed.evaluate(smallCatalogue, part),
        await onCpu.evaluate(smallCatalogue, part),
      ];
      expect(own.metrics["recall@20"]).toBeCloseTo(other.metrics["recall@20"], 3);
      const places = own.rankings.flatMap((ranking, user) =>
        Array.from(ranking, (item, place) => item === other.rankings[user][place]),
      );
      expect(places.length).toBe(other.rankings.reduce((sum, { length }) => sum + length, 0));
      // Scores that differ in their last digit may change places.
      expect(places.filter(Boolean).length / places.length).toBeGreaterThan(0.99);
    } finally {
      await rm(directory, { recursive: true });
    }
  },
  // On a card of a busy machine that a program imitates.
  400_000,
);

interface Table extends TensorBranch {
  readonly table: tf.Tensor2D;
}

/** A table of 0.8 MB that a loss pulls to zero: few operations, so that many steps take little time. */
const table: Recommender = {
  name: "table",
  configuration: {},
  reads: { interactions: true, profile: false, userIndex: false },
  examples: { kind: "users" },
  itemCount: 2000,
  parameters: { table: parameter([100, 2000], new Float32Array(200_000).fill(1)) },
  loss: ({ table }: Table) => ({ size: tf.mean<tf.Scalar>(tf.square(table)) }),
  scores: ({ table }: Table, { userCount }: UserBatch) => tf.slice(table, 0, userCount),
};

it.skipIf(!present)("holds no more after 200 steps on a graphics card (skipped without WebGPU)", async () => {
  const session = await (await startEngine(card)).open(table, { seed: 0, adam: adamSchema.parse({}) });
  const rows = { ...gatherRows(smallCatalogue.train, Int32Array.of(1, 2)), itemCount: 2000 };
  let early = 0;
  for (let step = 0; step < 200; step += 1) {
    await session.step(rows, { step, epoch: 0 });
    if (step === 20) early = process.memoryUsage().rss;
  }
  await session.close();
  // Without disposal: 180 steps that each leave 2.4 MB of parameters and moments.
  expect(process.memoryUsage().rss - early).toBeLessThan(150e6);
});

it.skipIf(!present)(
  "trains a sampled softmax, whose tables of items stay on the host, as on the CPU (skipped without WebGPU)",
  async () => {
    const sampled = multVae({
      itemCount,
      hiddenDimension: 12,
      latentDimension: 4,
      softmaxSamples: 20,
      seed: 4,
    });
    const runs = [];
    for (const engine of [card, compiled()]) {
      // One graph of a step: another size would start one more.
      const trainer = await trainerOn(engine, smallCatalogue.userCount);
      await using model = await trainer.fit(sampled, smallCatalogue);
      runs.push({ history: model.training.epochHistory, scores: await scoresOf(model) });
    }
    const [onCard, onHost] = runs;
    for (const [epoch, { losses }] of onCard.history.entries())
      expect(losses.total / onHost.history[epoch].losses.total).toBeCloseTo(1, 4);
    onCard.scores.forEach((score, index) => {
      expect(Math.abs(score - onHost.scores[index])).toBeLessThan(1e-3);
    });
  },
);
