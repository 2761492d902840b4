import { InvalidOptionsError } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";

const learningRate = z.number().positive();
const weightDecay = z.number().min(0);

const optionsSchema = z.strictObject({
  learningRate: learningRate.default(1e-3),
  /** Decay of the mean of the gradients, β₁. */
  meanDecay: z.number().min(0).lt(1).default(0.9),
  /** Decay of the mean of their squares, β₂. */
  squareDecay: z.number().min(0).lt(1).default(0.999),
  epsilon: z.number().positive().default(1e-8),
  /** Shrinks each parameter by its rate times this in every step, apart from the gradient: AdamW. */
  weightDecay: weightDecay.default(0),
  /** What is different for some variables, by a part of their dotted names: `denoiser`, `encoder.output`. */
  parts: z
    .record(
      z.string().nonempty(),
      z.strictObject({ learningRate: learningRate.optional(), weightDecay: weightDecay.optional() }),
    )
    .default({}),
});

/** Every part has all of its settings. */
export const adamSchema = optionsSchema.transform(({ parts, ...settings }) => ({
  ...settings,
  parts: Object.fromEntries(
    Object.entries(parts).map(([name, { learningRate, weightDecay }]) => [
      name,
      {
        learningRate: learningRate ?? settings.learningRate,
        weightDecay: weightDecay ?? settings.weightDecay,
      },
    ]),
  ),
}));

export type AdamOptions = z.input<typeof adamSchema>;
export type AdamSettings = z.output<typeof adamSchema>;

/** What a step does to one variable, besides the two numbers that are of the step. */
export interface VariableSettings {
  readonly meanDecay: number;
  readonly squareDecay: number;
  /** Its learning rate as a multiple of the one that the step's numbers are made of. */
  readonly rateFactor: number;
  /** What each of its parameters is multiplied by before the step: 1 − rate · weight decay. */
  readonly kept: number;
}

/** The settings of a variable: those of the part that its name holds, else those for all. */
export function settingsOf(variable: string, adam: AdamSettings): VariableSettings {
  const { meanDecay, squareDecay, parts } = adam;
  const part = Object.keys(parts).find((part) => `.${variable}.`.includes(`.${part}.`));
  const { learningRate, weightDecay } = part === undefined ? adam : parts[part];
  return {
    meanDecay,
    squareDecay,
    rateFactor: learningRate / adam.learningRate,
    kept: 1 - learningRate * weightDecay,
  };
}

/**
 * Asserts that every part is one of some variable, and that no variable has two.
 *
 * @throws InvalidOptionsError
 */
export function assertPartsFit(variables: readonly string[], { parts }: AdamSettings): void {
  const names = Object.keys(parts);
  const partsOf = (variable: string) => names.filter((part) => `.${variable}.`.includes(`.${part}.`));
  const fail = (message: string) =>
    new InvalidOptionsError("createTrainer", [{ path: "adam.parts", message }]);
  const unused = names.find((part) => !variables.some((variable) => partsOf(variable).includes(part)));
  if (unused !== undefined) {
    throw fail(`"${unused}" is part of no variable; the model has ${variables.join(", ")}`);
  }
  const torn = variables.find((variable) => partsOf(variable).length > 1);
  if (torn !== undefined) throw fail(`${torn} belongs to ${partsOf(torn).join(" and ")}; expected one part`);
}

/**
 * What Adam remembers of a variable's gradients g, zero before its first step: the mean m and the mean of squares v
 * of the algorithm, divided by 1 − β₁ and 1 − β₂. So m ← β₁ m + g, which takes a pass over the parameters less.
 */
export interface Moments {
  readonly mean: tf.Tensor;
  readonly square: tf.Tensor;
}

/**
 * One step of Adam for one variable (Kingma and Ba, 2015, algorithm 1), with decoupled weight decay (Loshchilov and
 * Hutter, 2019, algorithm 2).
 *
 * Not the one of tfjs, whose powers of β are float32 variables that a checkpoint cannot restore exactly: here the bias
 * corrections follow from the number of steps, see {@link adamScalars}.
 */
export function adamStep(
  variable: tf.Tensor,
  gradient: tf.Tensor,
  before: Moments,
  { rate, offset }: { readonly rate: tf.Scalar; readonly offset: tf.Scalar },
  { meanDecay, squareDecay, rateFactor, kept }: VariableSettings,
): Moments & { readonly variable: tf.Tensor } {
  const mean = tf.add(tf.mul(meanDecay, before.mean), gradient);
  const square = tf.add(tf.mul(squareDecay, before.square), tf.square(gradient));
  const step = tf.div(mean, tf.add(tf.sqrt(square), offset));
  const decayed = kept === 1 ? variable : tf.mul(kept, variable);
  const ownRate = rateFactor === 1 ? rate : tf.mul(rateFactor, rate);
  return { variable: tf.sub(decayed, tf.mul(ownRate, step)), mean, square };
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
