import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { cvga, multVae } from "@dmrec/base-models";
import type { DenseMatrix, InteractionRows, Recommender, VariationalRecommender } from "@dmrec/core";
import { interactionMatrix, trainingPart } from "@dmrec/data";
import { cpdm, godm, type MatchedRecommender, mddm, withMatching } from "@dmrec/matching";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { adamSchema, momentName } from "./adam";
import { chooseEngine } from "./choose-engine";
import type { Engine } from "./engine";
import type { NamedArrays } from "./safetensors";
import { type BackendName, backendNames, selectBackend } from "./tensor-backend";
import { trainingSchema } from "./training-options";

type Matrix = readonly (readonly number[])[];

interface GoldenCase {
  readonly model: "mult_vae" | "cvga";
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

/** A model of the file, and the reference's parameters by this project's names; its weights are `[out, in]`. */
interface GoldenModel {
  make(file: Omit<GoldenFile, "cases">): VariationalRecommender;
  readonly parameterNames: Readonly<Record<string, string>>;
}

const languageNames = { "language.hidden": "mlp.0", "language.output": "mlp.2" };
const models: Readonly<Record<GoldenCase["model"], GoldenModel>> = {
  mult_vae: {
    make: ({ items, hidden, latent }) =>
      multVae({ itemCount: items, hiddenDimension: hidden, latentDimension: latent, dropout: 0 }),
    parameterNames: {
      ...languageNames,
      "collaborative.encoder.hidden": "q_layers.0",
      "collaborative.encoder.output": "q_layers.1",
      "collaborative.decoder.hidden": "p_layers.0",
      "collaborative.decoder.output": "p_layers.1",
    },
  },
  cvga: {
    make({ x, items, latent }) {
      const { rows, items: columns } = multiHotRows(x, items);
      const matrix = interactionMatrix({
        userCount: x.length,
        itemCount: items,
        users: rows,
        items: columns,
      });
      return cvga({ interactions: trainingPart(matrix), latentDimension: latent, dropout: 0 });
    },
    parameterNames: {
      ...languageNames,
      "collaborative.encoder.0": "q_layers.0",
      "collaborative.decoder": "p_layers.0",
    },
  },
};

const strategies = { godm, cpdm, mddm };
const file = resolve(process.env.DMREC_GOLDEN_DIR ?? "../shared/golden", "training-steps.json");
const golden: GoldenFile | undefined = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
const adam = adamSchema.parse({});

/** The compiled engine, and the eager one on every backend that is here. */
const engines: readonly EngineOptions[] = [
  { engine: "compiled", backend: "auto" },
  ...(await presentBackends()).map((backend) => ({ engine: "eager" as const, backend })),
];

type EngineOptions = { readonly engine: "compiled" | "eager"; readonly backend: BackendName };

async function presentBackends(): Promise<BackendName[]> {
  const present: BackendName[] = [];
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
  for (const options of engines)
    describe(`golden training steps, ${options.engine} on ${options.backend}`, () => suite(options, golden));

function suite(options: EngineOptions, { cases, ...file }: GoldenFile): void {
  let engine: Engine;
  beforeAll(async () => {
    engine = await chooseEngine(trainingSchema.parse(options));
  });

  for (const golden of cases) {
    it(`gives the gradients, losses and scores of ${golden.model} under ${golden.strategy}`, async () => {
      const rows = multiHotRows(file.x, file.items);
      const { make, parameterNames } = models[golden.model];
      const recommender = withMatching(make(file), {
        language: { users: dense(file.userEmbeddings), items: dense(file.itemEmbeddings) },
        strategy: strategies[golden.strategy]({ beta: golden.beta }),
        hiddenDimension: file.hidden,
        dropout: 0,
      });
      for (const [name, variable] of Object.entries(recommender.variables)) {
        const values = referenceTensor(golden.initialParameters, name, parameterNames);
        variable.assign(values);
        values.dispose();
      }
      const session = await engine.open(withNoise(recommender, file.eps), { seed: 0, adam });
      for (const [step, expected] of golden.losses.entries()) {
        const values = await session.step(rows, { step, epoch: 0 });
        const { rec_loss, bpr_loss, reg_loss: rest } = expected.terms;
        const reconstruction = rec_loss ?? bpr_loss;
        expectRelative(values.reconstruction, reconstruction, 1e-5, `reconstruction at step ${step}`);
        expectRelative(values.regularization + values.matching, rest, 1e-5, `the rest at step ${step}`);
        if (step > 0) continue;
        // After one step the moment that is the decaying sum of the gradients is the gradient itself.
        const moments = await session.readOptimizer();
        for (const name of Object.keys(recommender.variables)) {
          const gradient = moments[momentName("mean", name)];
          const reference = referenceTensor(golden.gradientsAtStep0, name, parameterNames);
          expectClose(gradient, reference, 1e-4, `gradient of ${name}`);
        }
      }
      const scores = await session.scores(rows);
      golden.scoresAfter6Steps.forEach((row, user) => {
        row.forEach((score, item) => {
          if (score === null) return;
          const actual = scores[user * file.items + item];
          expectRelative(actual, score, 1e-4, `score of item ${item} for user ${user}`);
        });
      });
      await session.close();
      recommender.dispose();
    });
  }
}

/** A recommender whose only noise is the reference's, by step. */
function withNoise(recommender: MatchedRecommender, noise: readonly Matrix[]): Recommender {
  return {
    name: recommender.name,
    configuration: recommender.configuration,
    variables: recommender.variables,
    itemCount: recommender.itemCount,
    loss: (batch, context) =>
      recommender.loss(batch, {
        ...context,
        normal: (shape) => context.hostInput(shape, ({ step }) => noise[step].flat()),
      }),
    scores: (batch, context) => recommender.scores(batch, context),
    dispose: () => recommender.dispose(),
  };
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

function referenceTensor(
  parameters: GoldenCase["initialParameters"],
  name: string,
  parameterNames: GoldenModel["parameterNames"],
): tf.Tensor {
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

function expectClose(actual: NamedArrays[string], expected: tf.Tensor, bound: number, what: string): void {
  expect(actual.shape, what).toEqual(expected.shape);
  expected.dataSync().forEach((reference, index) => {
    expectRelative(actual.values[index], reference, bound, `${what}, entry ${index}`);
  });
  expected.dispose();
}
