import { cvga, multVae } from "@dmrec/base-models";
import type { Recommender, VariationalRecommender } from "@dmrec/core";
import { cpdm, godm, mddm, withMatching } from "@dmrec/matching";
import { beforeAll, describe, it } from "vitest";
import { adamSchema, momentName } from "../optimizer/adam";
import {
  dense,
  expectClose,
  expectRelative,
  expectScores,
  goldenPath,
  hasWebGpu,
  type LayerNames,
  layerWidth,
  type Matrix,
  multiHotInteractions,
  multiHotRows,
  type NamedEngine,
  notedNumber,
  presentEngines,
  type ReferenceParameters,
  readGolden,
  referenceTensor,
  takeValues,
  withParameters,
} from "../testing/golden-steps";
import { trainedArrays } from "../trained-arrays";
import type { Engine } from "./engine";
import { compiled } from "./engine-choice";
import { startEngine } from "./start-engine";

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
  readonly note: string;
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
const card: NamedEngine = {
  name: "compiled on webgpu",
  choice: compiled({ executionProvider: "webgpu" }),
};

if (golden === undefined) it.skip(`golden training steps: ${goldenPath(name)} is absent`);
else
  for (const options of [...(await presentEngines()), ...((await hasWebGpu()) ? [card] : [])])
    describe(`golden training steps, ${options.name}`, () => suite(options, golden));

/** A card that a program imitates takes seconds for a case: there, one stands for all. */
const isChecked = ({ model, strategy }: GoldenCase, engine: NamedEngine) =>
  engine !== card || (model === "mult_vae" && strategy === "mddm");

function suite(named: NamedEngine, file: GoldenFile): void {
  const { choice } = named;
  const adam = adamSchema.parse({ learningRate: notedNumber(file.note, "lr", 1e-3) });
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine(choice);
  });

  for (const golden of file.cases.filter((golden) => isChecked(golden, named))) {
    it(`gives the gradients, losses and scores of ${golden.model} under ${golden.strategy}`, async () => {
      const rows = multiHotRows(file.x, file.items);
      const { make, layerNames } = models[golden.model];
      const recommender = withMatching(make(file), {
        profileEmbeddings: { users: dense(file.userEmbeddings), items: dense(file.itemEmbeddings) },
        strategy: strategies[golden.strategy]({ beta: golden.beta }),
        hiddenDimension: layerWidth(golden.initialParameters, "mlp.0"),
        dropout: 0,
      });
      withParameters(recommender, (name) =>
        takeValues(referenceTensor(golden.initialParameters, name, layerNames)),
      );
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
        for (const name of trainedArrays(recommender).keys()) {
          const gradient = moments[momentName("mean", name)];
          const reference = referenceTensor(golden.gradientsAtStep0, name, layerNames);
          expectClose(gradient, reference, 1e-4, `gradient of ${name}`);
        }
      }
      const scores = new Float32Array(rows.rowCount * file.items);
      await session.score(rows, scores);
      expectScores(scores, golden.scoresAfter6Steps);
      await session.close();
    });
  }
}

/** A recommender whose only noise is the reference's, by step. */
function withNoise(recommender: Recommender, noise: readonly Matrix[]): Recommender {
  return {
    ...recommender,
    loss: (parameters, batch, context) =>
      recommender.loss(parameters, batch, {
        ...context,
        normal: (shape) => context.feed(shape, ({ step }) => noise[step].flat()),
      }),
    scores: (prepared, batch, context) => recommender.scores(prepared, batch, context),
  };
}
