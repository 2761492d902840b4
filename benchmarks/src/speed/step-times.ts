import type { SplitDataset } from "@dmrec/core";
import { createTrainer, createVariant, publishedSettings, type TrainingOptions } from "dmrec";
import type { BenchmarkedModel } from "./model-name";
import { median } from "./statistics";

/** Users of a step, as in the paper. */
export const batchSize = 1024;

export interface StepTimes {
  /** The median time of a step of a full batch. */
  readonly stepMs: number;
  /** The median time of the floor, run after each of these steps. */
  readonly floorMs: number;
  /** The median time of an epoch's steps. */
  readonly epochMs: number;
  /** From the call of `fit` to the end of the first step. */
  readonly firstStepMs: number;
}

export interface StepTimesOptions extends Pick<TrainingOptions, "engine" | "threads" | "profile"> {
  readonly model: Omit<BenchmarkedModel, "name">;
  readonly data: SplitDataset;
  readonly epochs: number;
  /** Stops after so many steps. */
  readonly steps?: number;
  readonly floor: () => Promise<number>;
}

/** Steps that are not counted: memory and caches settle in them. */
const warmUp = 8;

/** Trains for some epochs and times every step, with the floor in between, so that both see the same machine. */
export async function stepTimes(options: StepTimesOptions): Promise<StepTimes> {
  const { model, data, epochs, steps: most, floor, ...engine } = options;
  const { base, variant } = model;
  const { adam } = publishedSettings(base, variant).training;
  const trainer = await createTrainer({ ...engine, adam, epochs, batchSize, evaluateEvery: epochs + 1 });
  const recommender = createVariant(variant, data, { base });
  const steps: number[] = [];
  const floors: number[] = [];
  const epochTimes: number[] = [];
  let epochMs = 0;
  let done = 0;
  const started = performance.now();
  let last = started;
  let firstStepMs = 0;
  const controller = new AbortController();
  await trainer.fit(recommender, data, {
    signal: controller.signal,
    callbacks: [
      {
        async onStep({ step, stepsPerEpoch }) {
          const stepMs = performance.now() - last;
          done += 1;
          if (done === 1) firstStepMs = performance.now() - started;
          const floorMs = await floor();
          epochMs += stepMs;
          // The last batch of an epoch has fewer users.
          if (done > warmUp && step < stepsPerEpoch) {
            steps.push(stepMs);
            floors.push(floorMs);
          }
          if (done === most) controller.abort();
          last = performance.now();
        },
        onEpochEnd() {
          epochTimes.push(epochMs);
          epochMs = 0;
          last = performance.now();
        },
      },
    ],
  });
  recommender.dispose();
  return { stepMs: median(steps), floorMs: median(floors), epochMs: median(epochTimes), firstStepMs };
}
