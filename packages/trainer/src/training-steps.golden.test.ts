import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { multVae } from "@dmrec/base-models";
import { type DenseMatrix, type ForwardContext, type InteractionRows, RandomGenerator } from "@dmrec/core";
import { cpdm, godm, type MatchedRecommender, mddm, withMatching } from "@dmrec/matching";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Adam } from "./adam";
import { batchTensors } from "./batch-tensors";
import { lossAndGradients } from "./eager-engine";
import { createForwardContext } from "./forward-context";
import { backendNames, selectBackend } from "./tensor-backend";

type Matrix = readonly (readonly number[])[];

interface GoldenCase {
  readonly model: string;
  readonly strategy: "godm" | "cpdm" | "mddm";
  readonly beta: number;
  readonly initialParameters: Readonly<Record<string, Matrix | readonly number[]>>;
  readonly gradientsAtStep0: Readonly<Record<string, Matrix | readonly number[]>>;
  readonly losses: readonly { readonly total: number; readonly terms: Readonly<Record<string, number>> }[];
  readonly scoresAfter6Steps: readonly (readonly (number | null)[])[];
}

interface GoldenFile {
  readonly items: number;
  readonly hidden: number;
  readonly latent: number;
  readonly x: Matrix;
  readonly userEmbeddings: Matrix;
  readonly itemEmbeddings: Matrix;
  readonly eps: readonly Matrix[];
  readonly cases: readonly GoldenCase[];
}

/** The reference's parameters by this project's names; its weights are `[out, in]`. */
const parameterNames: Readonly<Record<string, string>> = {
  "collaborative.encoder.hidden": "q_layers.0",
  "collaborative.encoder.output": "q_layers.1",
  "language.hidden": "mlp.0",
  "language.output": "mlp.2",
  "collaborative.decoder.hidden": "p_layers.0",
  "collaborative.decoder.output": "p_layers.1",
};

const strategies = { godm, cpdm, mddm };
const file = resolve(process.env.DMREC_GOLDEN_DIR ?? "../shared/golden", "training-steps.json");
const golden: GoldenFile | undefined = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
const backends = await presentBackends();

async function presentBackends(): Promise<string[]> {
  const present: string[] = [];
  for (const name of backendNames) {
    if (name === "auto") continue;
    await selectBackend(name).then(
      () => present.push(name),
      () => undefined,
    );
  }
  return present;
}

if (golden === undefined) it.skip(`golden training steps: ${file} is absent`);
else
  for (const backend of backends)
    describe(`golden training steps on ${backend}`, () => suite(backend, golden));

function suite(backend: string, { cases, ...file }: GoldenFile): void {
  beforeAll(() => selectBackend(backendNames.find((name) => name === backend) ?? "cpu"));

  for (const golden of cases.filter(({ model }) => model === "mult_vae")) {
    describe(golden.strategy, () => {
      const rows = multiHotRows(file.x, file.items);
      let recommender: MatchedRecommender;
      afterAll(() => recommender.dispose());

      it("gives the reference's gradients, losses and scores", () => {
        recommender = withMatching(
          multVae({
            itemCount: file.items,
            hiddenDimension: file.hidden,
            latentDimension: file.latent,
            dropout: 0,
          }),
          {
            language: { users: dense(file.userEmbeddings), items: dense(file.itemEmbeddings) },
            strategy: strategies[golden.strategy]({ beta: golden.beta }),
            hiddenDimension: file.hidden,
            dropout: 0,
          },
        );
        for (const [name, variable] of Object.entries(recommender.variables)) {
          const values = referenceTensor(golden.initialParameters, name);
          variable.assign(values);
          values.dispose();
        }
        const optimizer = new Adam();
        golden.losses.forEach((expected, step) => {
          const { terms, gradients } = lossAndGradients(recommender, () =>
            recommender.loss(batchTensors(rows), scriptedContext(file.eps[step])),
          );
          const { rec_loss: reconstruction, reg_loss: rest } = expected.terms;
          const values = Object.fromEntries(
            Object.entries(terms).map(([name, term]) => [name, term.dataSync()[0]]),
          );
          expectRelative(values.reconstruction, reconstruction, 1e-5, `reconstruction at step ${step}`);
          expectRelative(values.regularization + values.matching, rest, 1e-5, `the rest at step ${step}`);
          if (step === 0) {
            expect(gradients.size).toBe(Object.keys(golden.gradientsAtStep0).length);
            for (const [name, gradient] of gradients) {
              expectClose(
                gradient,
                referenceTensor(golden.gradientsAtStep0, name),
                1e-4,
                `gradient of ${name}`,
              );
            }
          }
          optimizer.apply(recommender.variables, gradients);
          tf.dispose([...gradients.values(), ...Object.values(terms)]);
        });
        optimizer.dispose();

        const context = createForwardContext({
          training: false,
          random: RandomGenerator.fromSeed(0),
          step: 0,
          epoch: 0,
        });
        const scores = tf.tidy(() => recommender.scores(batchTensors(rows), context).arraySync());
        golden.scoresAfter6Steps.forEach((row, user) => {
          row.forEach((score, item) => {
            if (score !== null)
              expectRelative(scores[user][item], score, 1e-4, `score of item ${item} for user ${user}`);
          });
        });
      });
    });
  }
}

/** A training context whose only noise is the reference's. */
function scriptedContext(noise: Matrix): ForwardContext {
  const context = createForwardContext({
    training: true,
    random: RandomGenerator.fromSeed(0),
    step: 0,
    epoch: 0,
  });
  return { ...context, normal: (shape) => tf.tensor(noise.flat(), shape) };
}

function multiHotRows(x: Matrix, itemCount: number): InteractionRows {
  const pairs = x.flatMap((row, user) => row.flatMap((value, item) => (value > 0 ? [[user, item]] : [])));
  return {
    itemCount,
    users: Int32Array.from(x.keys()),
    rows: Int32Array.from(pairs, ([user]) => user),
    items: Int32Array.from(pairs, ([, item]) => item),
    weights: new Float32Array(pairs.length).fill(1),
  };
}

function dense(matrix: Matrix): DenseMatrix {
  return { rowCount: matrix.length, columnCount: matrix[0].length, values: Float32Array.from(matrix.flat()) };
}

function referenceTensor(parameters: GoldenCase["initialParameters"], name: string): tf.Tensor {
  const part = name.slice(0, name.lastIndexOf("."));
  const isWeights = name.endsWith(".weights");
  const values = tf.tensor(
    parameters[`${parameterNames[part]}.${isWeights ? "weight" : "bias"}`] as number[][] | number[],
  );
  return isWeights ? tf.transpose(values) : values;
}

function expectRelative(actual: number, expected: number, bound: number, what: string): void {
  const error = Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
  expect(error, `${what}: ${actual} instead of ${expected}`).toBeLessThan(bound);
}

function expectClose(actual: tf.Tensor, expected: tf.Tensor, bound: number, what: string): void {
  const [values, references] = [actual.dataSync(), expected.dataSync()];
  expect(actual.shape, what).toEqual(expected.shape);
  references.forEach((reference, index) => {
    expectRelative(values[index], reference, bound, `${what}, entry ${index}`);
  });
  expected.dispose();
}
