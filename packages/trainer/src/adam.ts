import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";

export const adamSchema = z.strictObject({
  learningRate: z.number().positive().default(1e-3),
  /** Decay of the mean of the gradients, β₁. */
  meanDecay: z.number().min(0).lt(1).default(0.9),
  /** Decay of the mean of their squares, β₂. */
  squareDecay: z.number().min(0).lt(1).default(0.999),
  epsilon: z.number().positive().default(1e-8),
});

export type AdamOptions = z.input<typeof adamSchema>;
export type AdamSettings = z.output<typeof adamSchema>;

/**
 * What Adam remembers of a variable's gradients g, zero before its first step: the mean m and the mean of squares v
 * of the algorithm, divided by 1 − β₁ and 1 − β₂. So m ← β₁ m + g, which takes a pass over the parameters less.
 */
export interface Moments {
  readonly mean: tf.Tensor;
  readonly square: tf.Tensor;
}

/**
 * One step of Adam for one variable (Kingma and Ba, 2015, algorithm 1).
 *
 * Not the one of tfjs, whose powers of β are float32 variables that a checkpoint cannot restore exactly: here the bias
 * corrections follow from the number of steps, see {@link adamScalars}.
 */
export function adamStep(
  variable: tf.Tensor,
  gradient: tf.Tensor,
  before: Moments,
  { rate, offset }: { readonly rate: tf.Scalar; readonly offset: tf.Scalar },
  { meanDecay, squareDecay }: AdamSettings,
): Moments & { readonly variable: tf.Tensor } {
  const mean = tf.add(tf.mul(meanDecay, before.mean), gradient);
  const square = tf.add(tf.mul(squareDecay, before.square), tf.square(gradient));
  const step = tf.div(mean, tf.add(tf.sqrt(square), offset));
  return { variable: tf.sub(variable, tf.mul(rate, step)), mean, square };
}

/**
 * The two numbers of a step that follow from how many steps were taken before it, in double precision: m̂ / (√v̂ + ε)
 * with the bias corrections and the scales of the moments drawn into a learning rate and an ε of the step.
 */
export function adamScalars(
  stepsBefore: number,
  { learningRate, meanDecay, squareDecay, epsilon }: AdamSettings,
): { readonly rate: number; readonly offset: number } {
  const steps = stepsBefore + 1;
  const correction = Math.sqrt((1 - squareDecay ** steps) / (1 - squareDecay));
  const rate = learningRate * correction * ((1 - meanDecay) / (1 - meanDecay ** steps));
  return { rate, offset: epsilon * correction };
}

/** What checkpoints call a variable's moments. */
export function momentName(moment: keyof Moments, variable: string): string {
  return `${moment}.${variable}`;
}
