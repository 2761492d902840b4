import { type LossTerms, RandomGenerator, type Recommender } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { Adam } from "./adam";
import { batchTensors } from "./batch-tensors";
import type { Engine, EngineReport, EngineSession } from "./engine";
import { createForwardContext } from "./forward-context";
import type { NamedArrays } from "./safetensors";

/** Runs every step op by op through tfjs, on the backend that is set. */
export function eagerEngine(report: EngineReport): Engine {
  return {
    report,
    open(recommender, { seed, adam }) {
      const optimizer = new Adam(adam);
      const random = RandomGenerator.fromSeed(seed).fork("noise");
      return {
        async step(rows, { step, epoch }) {
          const { terms, gradients } = lossAndGradients(recommender, () =>
            recommender.loss(
              batchTensors(rows),
              createForwardContext({ training: true, random, step, epoch }),
            ),
          );
          optimizer.apply(recommender.variables, gradients);
          tf.dispose([...gradients.values()]);
          return readScalars(terms);
        },
        async scores(rows) {
          const scores = tf.tidy(() =>
            recommender.scores(
              batchTensors(rows),
              createForwardContext({ training: false, random, step: 0, epoch: 0 }),
            ),
          );
          const values = await scores.data<"float32">();
          scores.dispose();
          return values;
        },
        readVariables: () => readTensors(recommender.variables),
        writeVariables: (arrays) => assignVariables(recommender, arrays),
        readOptimizer: () => readTensors(optimizer.tensors()),
        writeOptimizer(arrays, steps) {
          const tensors = Object.entries(arrays).map(([name, { values, shape }]) => [
            name,
            tf.tensor(values, [...shape]),
          ]);
          optimizer.restore(Object.fromEntries(tensors), steps);
        },
        close: () => optimizer.dispose(),
      } satisfies EngineSession;
    },
  };
}

/** The loss terms and the gradients of their sum, by the recommender's own names; the caller disposes of both. */
export function lossAndGradients(
  recommender: Recommender,
  loss: () => LossTerms,
): { readonly terms: LossTerms; readonly gradients: ReadonlyMap<string, tf.Tensor> } {
  let terms: LossTerms = {};
  const gradients = new Map<string, tf.Tensor>();
  tf.tidy(() => {
    const { grads } = tf.variableGrads(() => {
      terms = loss();
      for (const term of Object.values(terms)) tf.keep(term);
      return tf.addN<tf.Scalar>(Object.values(terms));
    }, Object.values(recommender.variables));
    for (const [name, variable] of Object.entries(recommender.variables)) {
      // A variable that the loss does not depend on has no gradient.
      if (grads[variable.name]) gradients.set(name, tf.keep(grads[variable.name]));
    }
  });
  return { terms, gradients };
}

async function readScalars(terms: LossTerms): Promise<Record<string, number>> {
  const values = Object.entries(terms).map(async ([name, term]) => [name, (await term.data())[0]] as const);
  const read = Object.fromEntries(await Promise.all(values));
  tf.dispose(Object.values(terms));
  return read;
}

export async function readTensors(tensors: Readonly<Record<string, tf.Tensor>>): Promise<NamedArrays> {
  const read = Object.entries(tensors).map(async ([name, tensor]) => {
    const values = await tensor.data<"float32">();
    return [name, { shape: tensor.shape, values: values.slice() }] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}

/** Sets every variable of a recommender from arrays of the same names and shapes. */
export function assignVariables(recommender: Recommender, arrays: NamedArrays): void {
  tf.tidy(() => {
    for (const [name, variable] of Object.entries(recommender.variables)) {
      variable.assign(tf.tensor(arrays[name].values, [...arrays[name].shape]));
    }
  });
}
