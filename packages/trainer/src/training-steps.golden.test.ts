import { cvga, multVae } from "@dmrec/base-models";
import type { Recommender, VariationalRecommender } from "@dmrec/core";
import { cpdm, godm, type MatchedRecommender, mddm, withMatching } from "@dmrec/matching";
import { beforeAll, describe, it } from "vitest";
import { adamSchema, momentName } from "./adam";
import { chooseEngine } from "./choose-engine";
import type { Engine } from "./engine";
import {
  dense,
  type EngineOptions,
  expectClose,
  expectRelative,
  expectScores,
  goldenPath,
  type LayerNames,
  type Matrix,
  multiHotInteractions,
  multiHotRows,
  presentEngines,
  type ReferenceParameters,
  readGolden,
  referenceTensor,
} from "./testing/golden-steps";
import { trainingSchema } from "./training-options";

interface GoldenCase {
  readonly model: "mult_vae" | "cvga";
  readonly strategy: "godm" | "cpdm" | "mddm";
  readonly beta: number;
  readonly initialParameters: ReferenceParameters;
  readonly gradientsAtStep0: ReferenceParameters;
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

/** A model of the file, and its layers. */
interface GoldenModel {
  make(file: GoldenFile): VariationalRecommender;
  readonly layerNames: LayerNames;
}

const metaNetworkNames = { "language.hidden": "mlp.0", "language.output": "mlp.2" };
const models: Readonly<Record<GoldenCase["model"], GoldenModel>> = {
  mult_vae: {
    make: ({ items, hidden, latent }) =>
      multVae({ itemCount: items, hiddenDimension: hidden, latentDimension: latent, dropout: 0 }),
    layerNames: {
      ...metaNetworkNames,
      "collaborative.encoder.hidden": "q_layers.0",
      "collaborative.encoder.output": "q_layers.1",
      "collaborative.decoder.hidden": "p_layers.0",
      "collaborative.decoder.output": "p_layers.1",
    },
  },
  cvga: {
    make: ({ x, items, latent }) =>
      cvga({ interactions: multiHotInteractions(x, items), latentDimension: latent, dropout: 0 }),
    layerNames: {
      ...metaNetworkNames,
      "collaborative.encoder.0": "q_layers.0",
      "collaborative.decoder": "p_layers.0",
    },
  },
};

const strategies = { godm, cpdm, mddm };
const name = "training-steps.json";
const golden = readGolden<GoldenFile>(name);
const adam = adamSchema.parse({});

if (golden === undefined) it.skip(`golden training steps: ${goldenPath(name)} is absent`);
else
  for (const options of await presentEngines())
    describe(`golden training steps, ${options.engine} on ${options.backend}`, () => suite(options, golden));

function suite(options: EngineOptions, file: GoldenFile): void {
  let engine: Engine;
  beforeAll(async () => {
    engine = await chooseEngine(trainingSchema.parse(options));
  });

  for (const golden of file.cases) {
    it(`gives the gradients, losses and scores of ${golden.model} under ${golden.strategy}`, async () => {
      const rows = multiHotRows(file.x, file.items);
      const { make, layerNames } = models[golden.model];
      const recommender = withMatching(make(file), {
        language: { users: dense(file.userEmbeddings), items: dense(file.itemEmbeddings) },
        strategy: strategies[golden.strategy]({ beta: golden.beta }),
        hiddenDimension: file.hidden,
        dropout: 0,
      });
      for (const [name, variable] of Object.entries(recommender.variables)) {
        const values = referenceTensor(golden.initialParameters, name, layerNames);
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
          const reference = referenceTensor(golden.gradientsAtStep0, name, layerNames);
          expectClose(gradient, reference, 1e-4, `gradient of ${name}`);
        }
      }
      expectScores(await session.scores(rows), golden.scoresAfter6Steps);
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
