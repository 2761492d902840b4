import { arraysByName, invalidOption, isConstant, type Parameter, type ParameterTree } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";

export interface AdamOptions {
  /** The learning rate of parameters whose group has none of its own. @default 1e-3 */
  readonly learningRate?: number;
  /** Decay of the mean of the gradients, β₁. @default 0.9 */
  readonly beta1?: number;
  /** Decay of the mean of their squares, β₂. @default 0.999 */
  readonly beta2?: number;
  /** Added to the root of the mean of the squares, against divisions by zero. @default 1e-8 */
  readonly epsilon?: number;
  /** Shrinks each parameter by its learning rate times this in every step, apart from the gradient: AdamW. @default 0 */
  readonly weightDecay?: number;
  /**
   * The greatest norm of the gradients of all parameters together. Those of a step with a greater one are scaled down to
   * it.
   *
   * @default no limit
   */
  readonly maximumGradientNorm?: number;
  /**
   * Updates a row of a table of items, which a model marks by `itemTable` of `@dmrec/core`, only in the steps that its item
   * has a part in, as `torch.optim.SparseAdam` does ("lazy" Adam): a step then takes as long for many items as for few. In
   * the other steps, where Adam would let the row's moments decay, move the row along them and shrink it by its weight decay,
   * the row stays as it is. False for Adam. It does not matter to a model without such tables.
   *
   * @default true
   */
  readonly rowWise?: boolean;
  /** Other settings for the parameters of a group, by the name of the group, e.g. `denoiser`. @default {} */
  readonly parameterGroups?: Readonly<
    Record<string, { readonly learningRate?: number; readonly weightDecay?: number }>
  >;
}

const learningRate = z.number().positive();
const weightDecay = z.number().min(0);

/** Adam's options with defaults; every group has all of its settings. */
export const adamSchema = z
  .strictObject({
    learningRate: learningRate.default(1e-3),
    beta1: z.number().min(0).lt(1).default(0.9),
    beta2: z.number().min(0).lt(1).default(0.999),
    epsilon: z.number().positive().default(1e-8),
    weightDecay: weightDecay.default(0),
    maximumGradientNorm: z.number().positive().optional(),
    rowWise: z.boolean().default(true),
    parameterGroups: z
      .record(
        z.string().nonempty(),
        z.strictObject({ learningRate: learningRate.optional(), weightDecay: weightDecay.optional() }),
      )
      .default({}),
  })
  .transform(({ parameterGroups, maximumGradientNorm, ...settings }) => ({
    ...settings,
    ...(maximumGradientNorm !== undefined && { maximumGradientNorm }),
    parameterGroups: Object.fromEntries(
      Object.entries(parameterGroups).map(([name, { learningRate, weightDecay }]) => [
        name,
        {
          learningRate: learningRate ?? settings.learningRate,
          weightDecay: weightDecay ?? settings.weightDecay,
        },
      ]),
    ),
  }));

export type AdamSettings = z.output<typeof adamSchema>;

/** The settings of one parameter that do not change from step to step. */
export interface ParameterSettings {
  readonly beta1: number;
  readonly beta2: number;
  /** The parameter's learning rate divided by the one for all. */
  readonly rateFactor: number;
  /** The factor of AdamW's decay: 1 − rate · weight decay. */
  readonly decayFactor: number;
}

/** Returns the settings of a parameter: those of its group if it has any, else those for all. */
export function resolveSettings({ group }: Pick<Parameter, "group">, adam: AdamSettings): ParameterSettings {
  const { beta1, beta2, parameterGroups } = adam;
  const { learningRate, weightDecay } = (group === undefined ? undefined : parameterGroups[group]) ?? adam;
  return {
    beta1,
    beta2,
    rateFactor: learningRate / adam.learningRate,
    decayFactor: 1 - learningRate * weightDecay,
  };
}

/**
 * Asserts that the model has every group that the options name.
 *
 * @throws InvalidOptionsError
 */
export function assertGroupsExist(tree: ParameterTree, { parameterGroups }: AdamSettings): void {
  const arrays = [...arraysByName(tree).values()];
  const groups = new Set(
    arrays.flatMap((array) => (isConstant(array) || array.group === undefined ? [] : [array.group])),
  );
  const unknown = Object.keys(parameterGroups).find((name) => !groups.has(name));
  if (unknown === undefined) return;
  const expected = groups.size > 0 ? `expected one of ${[...groups].join(", ")}` : "this model has no groups";
  throw invalidOption("createTrainer.adam.parameterGroups", `no group "${unknown}"; ${expected}`);
}

/**
 * Adam's memory of a parameter's gradients g, zero before the first step: the mean m and the mean of squares v of the
 * algorithm, divided by 1 − β₁ and 1 − β₂. So m ← β₁ m + g, which saves a pass over the parameters.
 */
export interface Moments {
  readonly mean: tf.Tensor;
  readonly square: tf.Tensor;
}

/**
 * One step of Adam for one parameter (Kingma and Ba, 2015, algorithm 1), with decoupled weight decay (Loshchilov and
 * Hutter, 2019, algorithm 2).
 *
 * tfjs has an Adam, too, but keeps the powers of β as float32 variables, which a checkpoint cannot restore exactly.
 * Here the bias corrections follow from the number of steps, see {@link adamScalars}.
 */
export function adamStep(
  parameter: tf.Tensor,
  gradient: tf.Tensor,
  before: Moments,
  { rate, offset }: { readonly rate: tf.Scalar; readonly offset: tf.Scalar },
  { beta1, beta2, rateFactor, decayFactor }: ParameterSettings,
): Moments & { readonly parameter: tf.Tensor } {
  const mean = tf.add(tf.mul(beta1, before.mean), gradient);
  const square = tf.add(tf.mul(beta2, before.square), tf.square(gradient));
  const step = tf.div(mean, tf.add(tf.sqrt(square), offset));
  const decayed = decayFactor === 1 ? parameter : tf.mul(decayFactor, parameter);
  const ownRate = rateFactor === 1 ? rate : tf.mul(rateFactor, rate);
  return { parameter: tf.sub(decayed, tf.mul(ownRate, step)), mean, square };
}

/**
 * The two numbers of a step that follow from the number of steps before it, in double precision: m̂ / (√v̂ + ε), with
 * the bias corrections and the scales of the moments merged into a learning rate and an ε of the step.
 */
export function adamScalars(
  stepsBefore: number,
  { learningRate, beta1, beta2, epsilon }: AdamSettings,
): { readonly rate: number; readonly offset: number } {
  const steps = stepsBefore + 1;
  const correction = Math.sqrt((1 - beta2 ** steps) / (1 - beta2));
  const rate = learningRate * correction * ((1 - beta1) / (1 - beta1 ** steps));
  return { rate, offset: epsilon * correction };
}

/** The name of a parameter's moment in checkpoints. */
export function momentName(moment: keyof Moments, parameter: string): string {
  return `${moment}.${parameter}`;
}
