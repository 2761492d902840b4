import { type ForwardContext, RandomGenerator } from "@dmrec/core";
import { createTrainingStates } from "@dmrec/layers";
import { testContext } from "@dmrec/layers/testing";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Diffusion, type DiffusionOptions, type Predict } from "./diffusion";
import { StepSampler } from "./step-sampler";

/** β_t and ᾱ_t of three steps, and the weights of their errors (see the schedule's own test). */
const betas = [0.1, 0.2, 0.3];
const alphas = [0.9, 0.72, 0.504];
const stepWeights = {
  start: [1, 9 - 18 / 7, 18 / 7 - 63 / 62],
  noise: [1, 0.28 / (0.1 ** 2 * 0.8), 0.496 / (0.28 ** 2 * 0.7)],
};
const predictions = ["start", "noise"] as const;
type Prediction = (typeof predictions)[number];

const start = [
  [0.3, -1.2],
  [0.8, 0.1],
  [-0.5, 2],
  [1.5, -0.7],
];
const noise = [
  [-0.4, 0.9],
  [1.1, -0.2],
  [0.6, -1.3],
  [0.2, 0.7],
];

/** Answers with numbers that depend on z_t and t only, as `answer` below does. */
const predict: Predict = (noisy, steps) =>
  tf.add<tf.Tensor2D>(tf.mul(noisy, 0.5), tf.mul(tf.reshape(tf.cast(steps, "float32"), [-1, 1]), 0.25));
const answer = (noisy: number, step: number) => 0.5 * noisy + 0.25 * step;

const seed = 7;
function diffusion(options: Partial<DiffusionOptions>): Diffusion {
  const schedule = {
    schedule: "linear",
    steps: 3,
    noiseScale: 1,
    noiseMinimum: 0.1,
    noiseMaximum: 0.3,
  } as const;
  const all: DiffusionOptions = {
    ...schedule,
    prediction: "start",
    stepWeights: "signal-to-noise",
    inferenceSteps: 0,
    latentDimension: 2,
    ...options,
  };
  return new Diffusion(all, RandomGenerator.fromSeed(seed));
}

/** A context with the noise above and a sampler; `host` may replace the values that are drawn for the users. */
function contextWith(
  host: (drawn: readonly number[]) => readonly number[],
  { epsilon = noise, states = createTrainingStates() } = {},
): ForwardContext {
  const context = testContext({ states });
  return {
    ...context,
    normal: (shape) => tf.tensor(epsilon.flat(), shape),
    feed: (shape, make) =>
      context.feed(shape, (step) =>
        shape[0] === epsilon.length ? host(Array.from(make(step))) : make(step),
      ),
  };
}

/** z_t = √ᾱ_t x + √(1 − ᾱ_t) ε */
const noised = (x: number, epsilon: number, step: number) =>
  Math.sqrt(alphas[step]) * x + Math.sqrt(1 - alphas[step]) * epsilon;

/** ẑ₀ of a number of z_t. */
const startOf = (noisy: number, step: number, prediction: Prediction) =>
  prediction === "start"
    ? answer(noisy, step)
    : (noisy - Math.sqrt(1 - alphas[step]) * answer(noisy, step)) / Math.sqrt(alphas[step]);

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The error of a user at a step: in z₀, or in the noise but for the first step. */
function errorOf(
  x: readonly number[],
  epsilon: readonly number[],
  step: number,
  prediction: Prediction,
): number {
  const noisy = x.map((value, dimension) => noised(value, epsilon[dimension], step));
  const inStart = mean(noisy.map((value, d) => (x[d] - startOf(value, step, prediction)) ** 2));
  if (prediction === "start") return inStart;
  return step === 0 ? inStart / 2 : mean(noisy.map((value, d) => (epsilon[d] - answer(value, step)) ** 2));
}

function expectClose(actual: number, expected: number): void {
  expect(Math.abs(actual - expected)).toBeLessThan(1e-5 * Math.max(1, Math.abs(expected)));
}

describe("diffusion", () => {
  it("finds z₀ where the noise is known, at every step", () => {
    const knowing = diffusion({ prediction: "noise" });
    const { loss, denoised } = knowing.trainingLoss(
      tf.tensor2d(start),
      () => tf.tensor2d(noise),
      contextWith(() => [0, 1, 2, 1]),
    );
    denoised.dataSync().forEach((value, entry) => {
      expectClose(value, start.flat()[entry]);
    });
    expect(loss.dataSync()[0]).toBeLessThan(1e-10);
  });

  it.each(predictions)(
    "weights the errors of each step, predicting the %s, and remembers them so",
    (prediction) => {
      for (const [named, weights] of [
        ["signal-to-noise", stepWeights[prediction]],
        ["uniform", [1, 1, 1]],
      ] as const)
        for (const step of [0, 1, 2]) {
          const one = diffusion({ prediction, stepWeights: named });
          const states = createTrainingStates();
          const { loss, denoised } = one.trainingLoss(
            tf.tensor2d(start),
            predict,
            contextWith(() => start.map(() => step), { states }),
          );
          const losses = start.map((x, user) => weights[step] * errorOf(x, noise[user], step, prediction));
          expectClose(loss.dataSync()[0], mean(losses));
          denoised.dataSync().forEach((value, entry) => {
            const noisy = noised(start.flat()[entry], noise.flat()[entry], step);
            expectClose(value, startOf(noisy, step, prediction));
          });
          const remembered = z.array(z.array(z.number())).parse(states.all[0].serialize());
          expect(remembered.map(({ length }) => length)).toEqual([0, 1, 2].map((t) => (t === step ? 4 : 0)));
          remembered[step].forEach((value, user) => {
            expectClose(value, losses[user]);
          });
        }
    },
  );

  it.each(predictions)("divides by how often a step is drawn, predicting the %s", (prediction) => {
    const many = Array.from({ length: 20_000 }, () => start[0]);
    const epsilon = many.map(() => noise[0]);
    const one = diffusion({ prediction });
    const states = createTrainingStates();
    const sampler = states.at(0, () => new StepSampler(3));
    for (let time = 0; time < 10; time += 1) sampler.record([0, 1, 2], [1, 2, 5]);
    const probabilities = [1, 2, 5].map((loss) => 0.999 * (loss / 8) + 0.001 / 3);
    let drawn: readonly number[] = [];
    const context = contextWith(
      (steps) => {
        drawn = steps;
        return steps;
      },
      { epsilon, states },
    );
    const { loss } = one.trainingLoss(tf.tensor2d(many), predict, context);
    const losses = [0, 1, 2].map(
      (step) => stepWeights[prediction][step] * errorOf(start[0], noise[0], step, prediction),
    );
    expect(new Set(drawn).size).toBe(3);
    const corrected = losses.map((value, step) => value / (probabilities[step] * 3));
    expectClose(loss.dataSync()[0], mean(drawn.map((step) => corrected[step])));
    // What it estimates is the mean over all steps alike, however they are drawn.
    expect(Math.abs(loss.dataSync()[0] / mean(losses) - 1)).toBeLessThan(0.05);
  });

  it.each(predictions.flatMap((prediction) => [0, 1, 2, 3].map((steps) => [prediction, steps] as const)))(
    "goes back from T′ steps of noise by the means of the posteriors, predicting the %s, T′ = %i",
    (prediction, inferenceSteps) => {
      const epsilon = RandomGenerator.fromSeed(seed).fork("inference noise").fillNormal(new Float32Array(2));
      const expected = start.map((x) =>
        x.map((value, dimension) => {
          let latent = inferenceSteps === 0 ? value : noised(value, epsilon[dimension], inferenceSteps - 1);
          for (const step of [2, 1, 0]) {
            const before = step === 0 ? 1 : alphas[step - 1];
            const fromStart = Math.sqrt(before) * betas[step] * startOf(latent, step, prediction);
            const fromNoisy = Math.sqrt(1 - betas[step]) * (1 - before) * latent;
            latent = (fromStart + fromNoisy) / (1 - alphas[step]);
          }
          return latent;
        }),
      );
      const one = diffusion({ prediction, inferenceSteps });
      const actual = one.reverse(tf.tensor2d(start), predict);
      actual.dataSync().forEach((value, entry) => {
        expectClose(value, expected.flat()[entry]);
      });
    },
  );
});
