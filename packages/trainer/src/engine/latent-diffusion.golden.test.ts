import { lDiffRec } from "@dmrec/base-models";
import type { ForwardContext, Recommender } from "@dmrec/core";
import { beforeAll, describe, expect, it } from "vitest";
import { adamSchema } from "../optimizer/adam";
import {
  expectRelative,
  expectScores,
  goldenPath,
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
import type { Engine } from "./engine";
import { startEngine } from "./start-engine";

interface GoldenCase {
  readonly clusters: number;
  readonly clusterOfItem: readonly number[] | null;
  readonly groupLatent: readonly number[];
  readonly initialParameters: ReferenceParameters;
  readonly diffusionSteps: Matrix;
  readonly reparameterisationNoise: readonly Matrix[];
  readonly diffusionNoise: readonly Matrix[];
  readonly losses: readonly {
    readonly total: number;
    readonly diffusion: number;
    readonly reconstruction: number;
    readonly kl: number;
  }[];
  readonly scoresAfter4Steps: Matrix;
}

interface GoldenFile {
  readonly note: string;
  readonly x: Matrix;
  readonly steps: number;
  readonly noiseScale: number;
  readonly noiseMin: number;
  readonly noiseMax: number;
  readonly cases: readonly GoldenCase[];
}

const name = "latent-diffusion.json";
const golden = readGolden<GoldenFile>(name);

if (golden === undefined) it.skip(`golden latent diffusion: ${goldenPath(name)} is absent`);
else
  for (const options of await presentEngines())
    describe(`golden latent diffusion, ${options.name}`, () => suite(options, golden));

function suite({ choice }: NamedEngine, file: GoldenFile): void {
  const adam = adamSchema.parse({ learningRate: notedNumber(file.note, "lr", 1e-3) });
  const weights = {
    diffusion: notedNumber(file.note, "lambda", 0.05),
    kl: notedNumber(file.note, "anneal", 0.3),
  };
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine(choice);
  });

  for (const golden of file.cases) {
    it(`gives the losses and scores with ${golden.clusters} clusters`, async () => {
      const itemCount = file.x[0].length;
      const clusterOfItem = Int32Array.from(golden.clusterOfItem ?? new Array<number>(itemCount).fill(0));
      const latentDimension = golden.groupLatent.reduce((sum, size) => sum + size, 0);
      const recommender = lDiffRec({
        interactions: multiHotInteractions(file.x, itemCount),
        clusterOfItem,
        latentDimension,
        denoiserDimension: layerWidth(golden.initialParameters, "mlp.in_layers.0"),
        timeDimension: layerWidth(golden.initialParameters, "mlp.emb_layer"),
        dropout: 0,
        denoiserDropout: 0,
        steps: file.steps,
        noiseScale: file.noiseScale,
        noiseMinimum: file.noiseMin,
        noiseMaximum: file.noiseMax,
        diffusionWeight: weights.diffusion,
        diffusionWeightFloor: 0,
        diffusionWeightEpochs: 0,
        klWeight: weights.kl,
        annealingSteps: 0,
      });
      const parameters = inItemOrder(golden.initialParameters, clusterOfItem);
      withParameters(recommender, (name, { shape }) => {
        const values = referenceTensor(parameters, name, layerNames(golden.clusters));
        expect(shape, name).toEqual(values.shape);
        return takeValues(values);
      });
      const rows = multiHotRows(file.x, itemCount);
      const session = await engine.open(withDraws(recommender, golden), { seed: 0, adam });
      for (const [step, expected] of golden.losses.entries()) {
        const { reconstruction, diffusion, regularization } = await session.step(rows, { step, epoch: 0 });
        expectRelative(reconstruction, expected.reconstruction, 1e-5, `reconstruction at step ${step}`);
        expectRelative(diffusion, weights.diffusion * expected.diffusion, 1e-5, `diffusion at step ${step}`);
        expectRelative(regularization, weights.kl * expected.kl, 1e-5, `KL at step ${step}`);
        const total = reconstruction + diffusion + regularization;
        expectRelative(total, expected.total, 1e-5, `total at step ${step}`);
      }
      const scores = new Float32Array(rows.rowCount * itemCount);
      await session.score(rows, scores);
      expectScores(scores, golden.scoresAfter4Steps);
      await session.close();
    });
  }
}

function layerNames(clusters: number): Readonly<Record<string, string>> {
  const encoders = Array.from({ length: clusters }, (_, cluster) => [
    `encoder.clusters.${cluster}`,
    encoderName(cluster, clusters),
  ]);
  return {
    ...Object.fromEntries(encoders),
    encoder: "encoder",
    decoder: "autoencoder.decoder.0",
    "denoiser.time": "mlp.emb_layer",
    "denoiser.hidden": "mlp.in_layers.0",
    "denoiser.output": "mlp.out_layers.0",
  };
}

function encoderName(cluster: number, clusters: number): string {
  return clusters === 1 ? "autoencoder.encoder.0" : `autoencoder.encoder.${cluster}.0`;
}

/**
 * The reference decodes the items of one cluster after those of another, and has a table of weights for each: here they
 * are one, as `encoder.weight`, in the order of the items and as wide as the widest.
 */
function inItemOrder(parameters: ReferenceParameters, clusterOfItem: Int32Array): ReferenceParameters {
  const items = [...clusterOfItem.keys()];
  const ordered = items.toSorted((a, b) => clusterOfItem[a] - clusterOfItem[b] || a - b);
  const clusters = Math.max(...clusterOfItem) + 1;
  const tables = Array.from(
    { length: clusters },
    (_, cluster) => parameters[`${encoderName(cluster, clusters)}.weight`] as Matrix,
  );
  const width = Math.max(...tables.map(({ length }) => length));
  const weight = Array.from({ length: width }, (_, output) =>
    items.map((item) => {
      const cluster = clusterOfItem[item];
      const position = items.filter((other) => other < item && clusterOfItem[other] === cluster).length;
      return tables[cluster][output]?.[position] ?? 0;
    }),
  );
  const decoder = Object.entries(parameters)
    .filter(([name]) => name.startsWith("autoencoder.decoder."))
    .map(([name, values]) => [name, items.map((item) => values[ordered.indexOf(item)])]);
  return { ...parameters, ...Object.fromEntries(decoder), "encoder.weight": weight };
}

/** A recommender whose noise and diffusion steps are the reference's. It reports no losses, so every diffusion step keeps the same probability. */
function withDraws(recommender: Recommender, golden: GoldenCase): Recommender {
  const drawn = (context: ForwardContext): ForwardContext => {
    const noises = [golden.reparameterisationNoise, golden.diffusionNoise];
    const users = golden.diffusionSteps[0].length;
    let hasSteps = false;
    return {
      ...context,
      normal(shape) {
        const noise = noises.shift() ?? [];
        return context.feed(shape, ({ step }) => noise[step].flat());
      },
      // The steps come first: there may be as many of them as users.
      feed(shape, make) {
        if (hasSteps || shape.length !== 1) return context.feed(shape, make);
        hasSteps = true;
        expect(shape, "the users of a batch").toEqual([users]);
        return context.feed(shape, ({ step }) => golden.diffusionSteps[step]);
      },
      report: () => undefined,
    };
  };
  return {
    ...recommender,
    loss: (parameters, batch, context) => recommender.loss(parameters, batch, drawn(context)),
    scores: (prepared, batch, context) => recommender.scores(prepared, batch, context),
  };
}
