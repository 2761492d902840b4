import { type LossTerms, RandomGenerator, type Recommender } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { adamScalars, adamStep, type Moments, momentName, settingsOf } from "./adam";
import { batchTensors } from "./batch-tensors";
import type { Engine, EngineReport, EngineSession } from "./engine";
import { createForwardContext, type Observe, type TakeValues } from "./forward-context";
import type { NamedArrays } from "./safetensors";

/** Runs every step op by op through tfjs, on the backend that is set. */
export function eagerEngine(report: EngineReport): Engine {
  return {
    report,
    async open(recommender, { seed, adam }) {
      const random = RandomGenerator.fromSeed(seed).fork("noise");
      /** By variable; none before its first step. */
      const moments = new Map<string, Moments>();
      const freeMoments = () => {
        for (const { mean, square } of moments.values()) tf.dispose([mean, square]);
        moments.clear();
      };
      return {
        async step(rows, { step, epoch }) {
          const observed: { readonly tensor: tf.Tensor; readonly take: TakeValues }[] = [];
          const observe: Observe = (tensor, take) =>
            observed.push({ tensor: tf.keep(tf.clone(tensor)), take });
          const terms = tf.tidy(() => {
            const batch = batchTensors(rows);
            const context = createForwardContext({ training: true, random, step, epoch, observe });
            const { terms, gradients } = lossAndGradients(recommender, () =>
              recommender.loss(batch, context),
            );
            const { rate, offset } = adamScalars(step, adam);
            const scalars = { rate: tf.scalar(rate), offset: tf.scalar(offset) };
            for (const [name, gradient] of gradients) {
              const variable = recommender.variables[name];
              const before = moments.get(name) ?? zeroMoments(variable);
              const after = adamStep(variable, gradient, before, scalars, settingsOf(name, adam));
              variable.assign(after.variable);
              tf.dispose([before.mean, before.square]);
              moments.set(name, { mean: tf.keep(after.mean), square: tf.keep(after.square) });
            }
            return terms;
          });
          for (const { tensor, take } of observed) {
            take(await tensor.data<"float32">());
            tensor.dispose();
          }
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
        readOptimizer() {
          const tensors = [...moments].flatMap(([name, { mean, square }]) => [
            [momentName("mean", name), mean] as const,
            [momentName("square", name), square] as const,
          ]);
          return readTensors(Object.fromEntries(tensors));
        },
        writeOptimizer(arrays) {
          freeMoments();
          for (const name of Object.keys(recommender.variables)) {
            const { [momentName("mean", name)]: mean, [momentName("square", name)]: square } = arrays;
            if (mean && square) moments.set(name, { mean: tensorOf(mean), square: tensorOf(square) });
          }
        },
        async close() {
          freeMoments();
        },
      } satisfies EngineSession;
    },
  };
}

/** The loss terms and the gradients of their sum, by the recommender's own names. */
export function lossAndGradients(
  recommender: Recommender,
  loss: () => LossTerms,
): { readonly terms: LossTerms; readonly gradients: ReadonlyMap<string, tf.Tensor> } {
  let terms: LossTerms = {};
  const { grads } = tf.variableGrads(() => {
    terms = loss();
    // They would be freed with what else the differentiated function made.
    for (const term of Object.values(terms)) tf.keep(term);
    return tf.addN<tf.Scalar>(Object.values(terms));
  }, Object.values(recommender.variables));
  const gradients = new Map<string, tf.Tensor>();
  for (const [name, variable] of Object.entries(recommender.variables)) {
    // A variable that the loss does not depend on has no gradient.
    if (grads[variable.name]) gradients.set(name, grads[variable.name]);
  }
  return { terms, gradients };
}

function zeroMoments(variable: tf.Tensor): Moments {
  return { mean: tf.zerosLike(variable), square: tf.zerosLike(variable) };
}

function tensorOf({ values, shape }: NamedArrays[string]): tf.Tensor {
  return tf.tensor(values, [...shape]);
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
      variable.assign(tensorOf(arrays[name]));
    }
  });
}
