import { compile } from "@dmrec/compile";
import * as tf from "@tensorflow/tfjs-core";

export interface ProductSizes {
  readonly users: number;
  readonly hidden: number;
  readonly items: number;
}

/**
 * The floor of a step: the three products of the output layer, which no exact method avoids: the logits, the gradient of
 * the weights and the gradient of the layer's input.
 */
export function outputProducts(sizes: ProductSizes, threads?: number): Promise<() => Promise<number>> {
  const { users, hidden, items } = sizes;
  return timed(
    ({ input, weights, gradient }) => ({
      logits: tf.matMul(input, weights),
      weightsGradient: tf.matMul(input, gradient, true),
      inputGradient: tf.matMul(gradient, weights, false, true),
    }),
    { input: [users, hidden], weights: [hidden, items], gradient: [users, items] },
    threads,
  );
}

/** The floor of scoring: the product that gives the logits. */
export function scoringProduct(
  { users, hidden, items }: ProductSizes,
  threads?: number,
): Promise<() => Promise<number>> {
  return timed(
    ({ input, weights }) => ({ logits: tf.matMul(input, weights) }),
    { input: [users, hidden], weights: [hidden, items] },
    threads,
  );
}

export type Matrices = Readonly<Record<string, tf.Tensor2D>>;

/** Returns a function that computes once and returns the milliseconds it took. */
export async function timed(
  compute: (inputs: Matrices) => Matrices,
  shapes: Readonly<Record<string, [number, number]>>,
  threads: number | undefined,
): Promise<() => Promise<number>> {
  const described = Object.entries(shapes).map(([name, shape]) => [name, { shape }] as const);
  const compiled = await compile(
    (inputs) => {
      const matrices = Object.entries(inputs).map(
        ([name, tensor]) => [name, tf.reshape<tf.Rank.R2>(tensor, shapes[name])] as const,
      );
      return compute(Object.fromEntries(matrices));
    },
    Object.fromEntries(described),
    threads === undefined ? {} : { threads },
  );
  const arrays = Object.entries(shapes).map(([name, [rows, columns]]) => {
    const values = Float32Array.from(
      { length: rows * columns },
      (_, index) => ((index * 7919) % 1000) / 1000 - 0.5,
    );
    return [name, values] as const;
  });
  const inputs = Object.fromEntries(arrays);
  const outputs = await compiled.run(inputs);
  return async () => {
    const started = performance.now();
    await compiled.run(inputs, outputs);
    return performance.now() - started;
  };
}
