import { alphaRec, lightGcn, proEx, proMax, rlmRecContrastive, rlmRecGenerative } from "@dmrec/baselines";
import { arraysByName, type Constant, type Parameter, type Recommender } from "@dmrec/core";
import { trainingInteractions, userRows } from "@dmrec/layers/testing";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { adamSchema, momentName } from "../optimizer/adam";
import {
  dense,
  expectClose,
  expectRelative,
  expectScores,
  goldenPath,
  type LayerNames,
  layerWidth,
  type Matrix,
  type NamedEngine,
  presentEngines,
  type ReferenceParameters,
  readGolden,
  referenceTensor,
  takeValues,
  withParameters,
} from "../testing/golden-steps";
import { trainedArrays } from "../trained-arrays";
import type { Engine } from "./engine";
import { startEngine } from "./start-engine";

interface GoldenCase {
  readonly model: string;
  readonly options: Readonly<Record<string, number>>;
  readonly initial: ReferenceParameters;
  readonly steps: readonly {
    readonly users: readonly number[];
    readonly positives: readonly number[];
    /** A number or a list for each pair. */
    readonly negatives: readonly (number | readonly number[])[];
    /** The hidden nodes, in RLMRec-G. */
    readonly masked?: readonly number[];
    /** The weights of the profiles by environment, in ProEx. */
    readonly mixtures?: Matrix;
  }[];
  /** The items of the second graph, in ProMax. */
  readonly retrieved?: readonly (readonly number[])[];
  readonly whitenedUsers?: Matrix;
  readonly whitenedItems?: Matrix;
  /** The embeddings of further profiles, in ProEx. */
  readonly moreUserEmbeddings?: readonly Matrix[];
  readonly moreItemEmbeddings?: readonly Matrix[];
  readonly gradientsAtStep0: ReferenceParameters;
  readonly losses: readonly Readonly<Record<string, number>>[];
  readonly scores: Matrix;
}

interface GoldenFile {
  readonly items: number;
  readonly interactions: readonly (readonly number[])[];
  readonly userEmbeddings: Matrix;
  readonly itemEmbeddings: Matrix;
  readonly cases: readonly GoldenCase[];
}

/** A model of the file: how it is made, and the reference's names of its loss terms. */
interface GoldenModel {
  make(file: GoldenFile, golden: GoldenCase): Recommender;
  readonly terms: Readonly<Record<string, string>>;
  /** The options that are the weights of terms which the reference gives without their weights. */
  readonly weights?: Readonly<Record<string, string>>;
}

const alphaRecOf = (users: "items" | "profiles"): GoldenModel => ({
  make: (file, { options, initial, steps }) =>
    alphaRec({
      interactions: trainingInteractions(file.items, file.interactions),
      profileEmbeddings: { users: dense(file.userEmbeddings), items: dense(file.itemEmbeddings) },
      users,
      layers: options.layers,
      temperature: options.temperature,
      hiddenDimension: layerWidth(initial, "mlp.0"),
      latentDimension: layerWidth(initial, "mlp.2"),
      negatives: [steps[0].negatives[0]].flat().length,
    }),
  terms: { contrast: "contrastive" },
});

const graphOptions = ({ items, interactions }: GoldenFile, { options, initial }: GoldenCase) => ({
  interactions: trainingInteractions(items, interactions),
  latentDimension: dense(initial.user_embeds as Matrix).columnCount,
  layers: options.layer_num,
  l2Weight: options.reg_weight,
  keepRate: 1,
});

const models: Readonly<Record<string, GoldenModel>> = {
  lightgcn: {
    make: (file, golden) => lightGcn(graphOptions(file, golden)),
    terms: { ranking: "bpr_loss", regularization: "reg_loss" },
  },
  "rlmrec-c": {
    make: (file, golden) =>
      rlmRecContrastive({
        ...graphOptions(file, golden),
        profileEmbeddings: { users: dense(file.userEmbeddings), items: dense(file.itemEmbeddings) },
        textWeight: golden.options.kd_weight,
        temperature: golden.options.kd_temperature,
      }),
    terms: { ranking: "bpr_loss", regularization: "reg_loss", texts: "kd_loss" },
  },
  alpharec: alphaRecOf("items"),
  "alpharec-user": alphaRecOf("profiles"),
  "rlmrec-g": {
    make: (file, golden) =>
      withFed(
        rlmRecGenerative({
          ...graphOptions(file, golden),
          profileEmbeddings: { users: dense(file.userEmbeddings), items: dense(file.itemEmbeddings) },
          maskedShare: golden.options.mask_ratio,
          textWeight: golden.options.recon_weight,
          temperature: golden.options.re_temperature,
        }),
        (step) => golden.steps[step].masked,
      ),
    terms: { ranking: "bpr_loss", regularization: "reg_loss", texts: "recon_loss" },
  },
  promax: {
    make(file, golden) {
      const { keepRate: _, ...options } = graphOptions(file, golden);
      const { retrieved = [], whitenedUsers = [], whitenedItems = [] } = golden;
      const recommender = proMax({
        ...options,
        profileEmbeddings: { users: dense(file.userEmbeddings), items: dense(file.itemEmbeddings) },
        retrieved,
        distillationWeight: golden.options.sdr_weight,
        contrastWeight: golden.options.s2dr_weight,
      });
      const arrays = arraysByName(recommender.parameters);
      takeWhitened(arrays.get("texts.users"), whitenedUsers);
      takeWhitened(arrays.get("texts.items"), whitenedItems);
      return recommender;
    },
    terms: {
      ranking: "bpr_loss",
      regularization: "reg_loss",
      distillation: "sdr_loss",
      contrast: "s2dr_loss",
    },
  },
  proex: {
    make(file, golden) {
      const { keepRate: _, ...options } = graphOptions(file, golden);
      const { moreUserEmbeddings = [], moreItemEmbeddings = [] } = golden;
      const recommender = proEx({
        ...options,
        profileEmbeddings: { users: dense(file.userEmbeddings), items: dense(file.itemEmbeddings) },
        furtherProfiles: moreUserEmbeddings.map((users, profile) => ({
          users: dense(users),
          items: dense(moreItemEmbeddings[profile]),
        })),
        environments: golden.options.num_envs,
        concentration: golden.options.alpha,
        varianceWeight: golden.options.inv_weight,
        uniformityWeight: golden.options.ex_weight,
      });
      return withFed(recommender, (step, shape) =>
        shape.length === 2 ? golden.steps[step].mixtures?.flat() : undefined,
      );
    },
    terms: {
      ranking: "bpr_loss",
      regularization: "reg_loss",
      variance: "inv_loss",
      uniformity: "uniform_loss",
    },
    weights: { variance: "inv_weight", uniformity: "ex_weight" },
  },
};

const layerNames: LayerNames = {
  "projection.hidden": "mlp.0",
  "projection.output": "mlp.2",
  hidden: "mlp.0",
  output: "mlp.2",
};
const tableNames: Readonly<Record<string, string>> = {
  users: "user_embeds",
  items: "item_embeds",
  maskToken: "masker.mask_token",
};

const name = "baselines.json";
const golden = readGolden<GoldenFile>(name);

if (golden === undefined) it.skip(`golden graph models: ${goldenPath(name)} is absent`);
else
  for (const options of await presentEngines())
    describe(`golden graph models, ${options.name}`, () => suite(options, golden));

function suite({ choice }: NamedEngine, file: GoldenFile): void {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine(choice);
  });

  for (const golden of file.cases.filter(({ model }) => Object.hasOwn(models, model))) {
    it(`gives the gradients, losses and scores of ${golden.model}`, async () => {
      const { make, terms, weights = {} } = models[golden.model];
      const recommender = withParameters(make(file, golden), (name) =>
        takeValues(reference(golden.initial, name)),
      );
      const adam = adamSchema.parse({ learningRate: golden.options.learningRate });
      const session = await engine.open(recommender, { seed: 0, adam });
      for (const [step, pairs] of golden.steps.entries()) {
        const rows = {
          itemCount: file.items,
          users: Int32Array.from(pairs.users),
          positives: Int32Array.from(pairs.positives),
          negatives: Int32Array.from(pairs.negatives.flat()),
        };
        const values = await session.step(rows, { step, epoch: 0 });
        for (const [term, theirs] of Object.entries(terms)) {
          const weight = term in weights ? golden.options[weights[term]] : 1;
          const expected = weight * golden.losses[step][theirs];
          expectRelative(values[term], expected, 1e-5, `${term} at step ${step}`);
        }
        const total = Object.values(values).reduce((sum, value) => sum + value, 0);
        expectRelative(total, golden.losses[step].total, 1e-5, `the loss at step ${step}`);
        if (step > 0) continue;
        // After one step the moment that is the decaying sum of the gradients is the gradient itself.
        const moments = await session.readOptimizer();
        for (const name of trainedArrays(recommender).keys())
          expectClose(
            moments[momentName("mean", name)],
            reference(golden.gradientsAtStep0, name),
            1e-4,
            `gradient of ${name}`,
          );
      }
      const users = userRows(file.items, file.interactions);
      const scores = new Float32Array(users.rowCount * file.items);
      await session.score(users, scores);
      expectScores(scores, golden.scores);
      await session.close();
    });
  }
}

/** The reference's numbers for an array of this project. */
function reference(parameters: ReferenceParameters, name: string): tf.Tensor {
  const table = tableNames[name];
  if (table === undefined) return referenceTensor(parameters, name, layerNames);
  return tf.tensor(dense(parameters[table] as Matrix).values, [
    parameters[table].length,
    dense(parameters[table] as Matrix).columnCount,
  ]);
}

/**
 * Compares whitened texts with the reference's by the products of their rows, as the signs of columns are arbitrary, and so
 * are the columns of variances that are alike. Then it takes over the reference's columns: the loss depends on them.
 */
function takeWhitened(table: Parameter | Constant | undefined, expected: Matrix): void {
  const [rowCount, width] = table?.shape ?? [];
  expect([rowCount, width]).toEqual([expected.length, expected[0].length]);
  const values = table?.values ?? new Float32Array(0);
  const rows = expected.map((_, row) => Array.from(values.subarray(row * width, (row + 1) * width)));
  const product = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, column) => sum + value * b[column], 0);
  rows.forEach((row, index) => {
    rows.forEach((other, otherIndex) => {
      const theirs = product(expected[index], expected[otherIndex]);
      expectRelative(
        product(row, other),
        theirs,
        1e-4,
        `product of whitened texts ${index} and ${otherIndex}`,
      );
    });
  });
  values.set(expected.flat());
}

/** A recommender that is fed the reference's numbers, by step, in place of what it draws itself. */
function withFed(
  recommender: Recommender,
  numbers: (step: number, shape: readonly number[]) => readonly number[] | undefined,
): Recommender {
  return {
    ...recommender,
    loss: (parameters, batch, context) =>
      recommender.loss(parameters, batch, {
        ...context,
        feed: (shape, make) => context.feed(shape, (info) => numbers(info.step, shape) ?? make(info)),
      }),
  };
}
