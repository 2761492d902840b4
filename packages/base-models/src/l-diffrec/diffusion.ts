import type { ForwardContext, RandomGenerator } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import {
  type NoiseScheduleOptions,
  noiseErrorWeights,
  noiseSchedule,
  signalToNoiseWeights,
} from "./noise-schedule";
import { StepSampler } from "./step-sampler";

/** Predicts z₀, or the noise, from z_t, `[users, latent]`, and t, int32 `[users]`. */
export type Predict = (noisy: tf.Tensor2D, steps: tf.Tensor1D) => tf.Tensor2D;

export interface DiffusionOptions extends NoiseScheduleOptions {
  /** The denoiser's prediction: z₀ itself, or the noise in z_t. */
  readonly prediction: "start" | "noise";
  /** The weights of the steps' errors: the share of the signal that each step takes, or all alike. */
  readonly stepWeights: "signal-to-noise" | "uniform";
  /** T′, the steps of noise that are added before those of T are taken away at inference. */
  readonly inferenceSteps: number;
  readonly latentDimension: number;
}

/** Gaussian diffusion of latent vectors z₀, `[users, latent]`: z_t = √ᾱ_t z₀ + √(1 − ᾱ_t) ε (Ho et al. 2020). */
export class Diffusion {
  readonly #options: DiffusionOptions;
  readonly #signal: number[];
  readonly #noise: number[];
  readonly #weights: number[];
  readonly #posterior: { readonly startWeights: readonly number[]; readonly noisyWeights: readonly number[] };
  /** ε at inference, `[latent]`: fixed for the model, so a ranking does not depend on the batch or the engine. */
  readonly #inferenceNoise: Float32Array;

  constructor(options: DiffusionOptions, random: RandomGenerator) {
    const schedule = noiseSchedule(options);
    const { cumulativeAlphas, posterior } = schedule;
    this.#options = options;
    this.#inferenceNoise = random
      .fork("inference noise")
      .fillNormal(new Float32Array(options.latentDimension));
    this.#signal = cumulativeAlphas.map(Math.sqrt);
    this.#noise = cumulativeAlphas.map((alpha) => Math.sqrt(1 - alpha));
    this.#posterior = posterior;
    const weights = options.prediction === "start" ? signalToNoiseWeights : noiseErrorWeights;
    this.#weights = options.stepWeights === "uniform" ? cumulativeAlphas.map(() => 1) : weights(schedule);
  }

  /** The mean of w_t · error / (p_t T) over users at drawn steps t, and the denoised z₀, `[users, latent]`. */
  trainingLoss(
    start: tf.Tensor2D,
    predict: Predict,
    context: ForwardContext,
  ): { readonly loss: tf.Scalar; readonly denoised: tf.Tensor2D } {
    const { steps: count, prediction } = this.#options;
    const sampler = context.trainingState(() => new StepSampler(count));
    const [users] = start.shape;
    const drawn = context.feed<tf.Rank.R1>([users], ({ random }) => sampler.draw(users, random));
    const corrections = context.feed<tf.Rank.R1>([count], () =>
      sampler.probabilities().map((probability) => 1 / (probability * count)),
    );
    const noise = context.normal<tf.Rank.R2>(start.shape);
    const steps = tf.cast<tf.Tensor1D>(drawn, "int32");
    const noisy = tf.add<tf.Tensor2D>(
      tf.mul(column(this.#signal, steps), start),
      tf.mul(column(this.#noise, steps), noise),
    );
    const predicted = predict(noisy, steps);
    const denoised = this.#startFrom(noisy, predicted, steps);
    const errors =
      prediction === "start"
        ? meanSquares(start, denoised)
        : noiseErrors({ noise, predicted, start, denoised, steps });
    const losses = tf.mul<tf.Tensor1D>(tf.gather(tf.tensor1d(this.#weights), steps), errors);
    context.report(tf.stack([drawn, losses]), (values) =>
      sampler.record(values.subarray(0, users), values.subarray(users)),
    );
    return { loss: tf.mean(tf.mul(losses, tf.gather(corrections, steps))), denoised };
  }

  /** T′ steps of noise, then T denoising steps, each to the mean of its posterior; `[users, latent]`. */
  reverse(start: tf.Tensor2D, predict: Predict): tf.Tensor2D {
    const { steps: count, inferenceSteps } = this.#options;
    const [users] = start.shape;
    let latent = start;
    if (inferenceSteps > 0) {
      const last = inferenceSteps - 1;
      const noise = tf.mul(this.#noise[last], tf.tensor1d(this.#inferenceNoise));
      latent = tf.add<tf.Tensor2D>(tf.mul(this.#signal[last], start), noise);
    }
    for (let step = count - 1; step >= 0; step -= 1) {
      const steps = tf.fill<tf.Rank.R1>([users], step, "int32");
      const denoised = this.#startFrom(latent, predict(latent, steps), steps);
      const { startWeights, noisyWeights } = this.#posterior;
      latent = tf.add(tf.mul(startWeights[step], denoised), tf.mul(noisyWeights[step], latent));
    }
    return latent;
  }

  /** z₀ according to the denoiser. */
  #startFrom(noisy: tf.Tensor2D, predicted: tf.Tensor2D, steps: tf.Tensor1D): tf.Tensor2D {
    if (this.#options.prediction === "start") return predicted;
    const noise = tf.mul(column(this.#noise, steps), predicted);
    return tf.div(tf.sub(noisy, noise), column(this.#signal, steps));
  }
}

/** The entry of a table for each step, `[users, 1]`. */
function column(table: readonly number[], steps: tf.Tensor1D): tf.Tensor2D {
  return tf.reshape(tf.gather(tf.tensor1d([...table]), steps), [-1, 1]);
}

/** The mean over the dimensions of the squared differences, `[users]`. */
function meanSquares(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor1D {
  return tf.mean(tf.square(tf.sub(a, b)), 1);
}

interface NoiseErrorInput {
  readonly noise: tf.Tensor2D;
  readonly predicted: tf.Tensor2D;
  readonly start: tf.Tensor2D;
  readonly denoised: tf.Tensor2D;
  readonly steps: tf.Tensor1D;
}

/** The errors in the noise, `[users]`; at the first step half that in z₀, its negative log-likelihood. */
function noiseErrors({ noise, predicted, start, denoised, steps }: NoiseErrorInput): tf.Tensor1D {
  const isFirst = tf.equal(steps, tf.scalar(0, "int32"));
  return tf.where(
    isFirst,
    tf.mul<tf.Tensor1D>(0.5, meanSquares(start, denoised)),
    meanSquares(noise, predicted),
  );
}
