import { parseOptions } from "@dmrec/core";
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

interface Moments {
  mean: tf.Tensor;
  square: tf.Tensor;
}

/**
 * Adam (Kingma and Ba, 2015, algorithm 1).
 *
 * Not the one of tfjs, whose powers of β are float32 variables that a checkpoint cannot restore exactly: here the
 * bias corrections follow from the number of steps, in double precision.
 */
export class Adam {
  readonly #options: z.output<typeof adamSchema>;
  /** By variable; none before its first step. */
  readonly #moments = new Map<string, Moments>();
  #steps = 0;

  /** @throws InvalidOptionsError */
  constructor(options: AdamOptions = {}) {
    this.#options = parseOptions("Adam", adamSchema, options);
  }

  /** Moves each variable that has a gradient; gradients are named as the variables are. */
  apply(variables: Readonly<Record<string, tf.Variable>>, gradients: ReadonlyMap<string, tf.Tensor>): void {
    const { learningRate, meanDecay, squareDecay, epsilon } = this.#options;
    this.#steps += 1;
    // m̂ / (√v̂ + ε) with the corrections drawn into the two scalars: fewer passes over the parameters.
    const correction = Math.sqrt(1 - squareDecay ** this.#steps);
    const rate = (learningRate * correction) / (1 - meanDecay ** this.#steps);
    const offset = epsilon * correction;
    for (const [name, gradient] of gradients) {
      const before = this.#moments.get(name) ?? {
        mean: tf.zerosLike(gradient),
        square: tf.zerosLike(gradient),
      };
      const after = tf.tidy(() => {
        const mean = tf.add(tf.mul(meanDecay, before.mean), tf.mul(1 - meanDecay, gradient));
        const square = tf.add(
          tf.mul(squareDecay, before.square),
          tf.mul(1 - squareDecay, tf.square(gradient)),
        );
        const step = tf.div(mean, tf.add(tf.sqrt(square), offset));
        variables[name].assign(tf.sub(variables[name], tf.mul(rate, step)));
        return { mean: tf.keep(mean), square: tf.keep(square) };
      });
      tf.dispose([before.mean, before.square]);
      this.#moments.set(name, after);
    }
  }

  /** The moments, named `mean.<variable>` and `square.<variable>`; they stay this optimizer's own. */
  tensors(): Record<string, tf.Tensor> {
    return Object.fromEntries(
      [...this.#moments].flatMap(([name, { mean, square }]) => [
        [`mean.${name}`, mean],
        [`square.${name}`, square],
      ]),
    );
  }

  /** Goes on from saved moments, named as by {@link Adam.tensors}, after `steps` steps; takes the tensors over. */
  restore(tensors: Readonly<Record<string, tf.Tensor>>, steps: number): void {
    this.dispose();
    for (const [key, square] of Object.entries(tensors)) {
      const name = key.slice("square.".length);
      if (key.startsWith("square."))
        this.#moments.set(name, { mean: tf.keep(tensors[`mean.${name}`]), square: tf.keep(square) });
    }
    this.#steps = steps;
  }

  /** Frees the moments. */
  dispose(): void {
    for (const { mean, square } of this.#moments.values()) tf.dispose([mean, square]);
    this.#moments.clear();
  }
}
