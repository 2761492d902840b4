import type { Recommender, SplitDataset } from "@dmrec/core";
import { createTrainer, type EngineChoice, type TrainerOptions } from "@dmrec/trainer";
import { median } from "./statistics";

/** The number of users in each step, as in the paper. Models of pairs have their published number of pairs. */
export const batchSize = 1024;

export interface StepTimes {
  /** The median time of a step of a full batch. */
  readonly stepMs: number;
  /** The median time of the floor, run after each of these steps. */
  readonly floorMs: number;
  /** The median time of an epoch's steps. */
  readonly epochMs: number;
  /** The time from the call of `fit` to the end of the first step. */
  readonly firstStepMs: number;
}

export interface TimedStepsOptions {
  readonly recommender: Recommender;
  /** The model's own settings of training. @default {} */
  readonly training?: TrainerOptions;
  readonly data: SplitDataset;
  readonly epochs: number;
  /** The number of steps to stop after. @default none */
  readonly steps?: number;
  readonly floor: () => Promise<number>;
  /** @default automatic() */
  readonly engine?: EngineChoice | undefined;
}

/** The number of first steps that are not counted, because memory and caches settle in them. */
const warmUp = 8;

/** Trains for some epochs and times every step, with the floor in between, so both run under the same load. */
export async function timedSteps(options: TimedStepsOptions): Promise<StepTimes> {
  const { recommender, training, data, epochs, steps: limit, floor, engine } = options;
  const trainer = await createTrainer({
    ...training,
    epochs,
    ...(recommender.examples.kind === "users" && { batchSize }),
    evaluation: { interval: epochs + 1 },
    ...(engine && { engine }),
  });
  const steps: number[] = [];
  const floors: number[] = [];
  const epochTimes: number[] = [];
  let epochMs = 0;
  let done = 0;
  const started = performance.now();
  let last = started;
  let firstStepMs = 0;
  const controller = new AbortController();
  const fitted = await trainer.fit(recommender, data, {
    abortSignal: controller.signal,
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
          if (done === limit) controller.abort();
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
  await fitted.close();
  return { stepMs: median(steps), floorMs: median(floors), epochMs: median(epochTimes), firstStepMs };
}
