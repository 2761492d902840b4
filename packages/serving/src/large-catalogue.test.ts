import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { multVae } from "@dmrec/base-models";
import {
  constant,
  type OpenRecommender,
  RandomGenerator,
  type Recommender,
  type TensorsOf,
  type UserBatch,
} from "@dmrec/core";
import { createTrainer, eager } from "@dmrec/trainer";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadRecommender } from "./index";

/** Two whole blocks of a file, and the beginning of a third. */
const itemCount = 140_000;
const width = 4;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "dmrec-large-"));
});
afterAll(() => rm(directory, { recursive: true }));

/** Scores are small whole numbers, so that thousands of items share each. The product has the table as it is or transposed. */
function tiedRecommender(isTransposed: boolean): Recommender {
  const random = RandomGenerator.fromSeed(7);
  const whole = (length: number) => Float32Array.from({ length }, () => random.integer(5) - 2);
  const shape = isTransposed ? [itemCount, width] : [width, itemCount];
  const parameters = {
    table: constant(shape, whole(width * itemCount)),
    bias: constant([itemCount], whole(itemCount)),
  };
  return {
    name: "tied",
    configuration: {},
    itemCount,
    profileWidth: width,
    reads: { interactions: false, profile: true, userIndex: false },
    examples: { kind: "users" },
    parameters,
    loss: () => ({}),
    scores({ table, bias }: TensorsOf<typeof parameters>, { profileEmbeddings }: UserBatch) {
      if (!profileEmbeddings) throw new Error("the batch has no profiles");
      return tf.add(tf.matMul(profileEmbeddings, table as tf.Tensor2D, false, isTransposed), bias);
    },
  };
}

const profiles = [
  [1, 2, -1, 0],
  [0, 0, 0, 0],
  [-2, 1, 1, 2],
];

describe.each([false, true])("a model of 140,000 items, its table transposed: %s", (isTransposed) => {
  it.each(["float32", "float16"] as const)("ranks in blocks as it does as a whole, %s", async (precision) => {
    const trainer = await createTrainer({ engine: eager({ backend: "cpu" }) });
    await using model = await trainer.open(tiedRecommender(isTransposed));
    const file = join(directory, "tied.onnx");
    await model.export(file, undefined, { precision });
    await using served = await loadRecommender(file);
    const requests = [];
    const expected = [];
    for (const profile of profiles) {
      // The best items, the last ones of a block and the first ones of the next are left out.
      const best = await bestOf(model, profile, 30);
      const interactions = [...best.slice(0, 10), 65_535, 65_536, 131_071, 139_999];
      const exclude = best.slice(20);
      for (const count of [1, 50]) {
        requests.push({
          profileEmbedding: profile,
          interactions: interactions.map(String),
          exclude: exclude.map(String),
          count,
        });
        expected.push(await bestOf(model, profile, count, [...interactions, ...exclude]));
      }
    }
    const answers = await served.recommendAll(requests);
    expect(answers.map((list) => list.map(({ item }) => item))).toEqual(expected);
    const [{ count: _, exclude: __, ...audience }] = requests;
    const scores = await scoresOf(model, profiles[0]);
    expect(await served.score(audience)).toEqual(scores);
    const [first, second] = await served.scoreAll([audience, { profileEmbedding: profiles[1] }]);
    expect(first).toEqual(scores);
    expect(second).toEqual(await scoresOf(model, profiles[1]));
  });
});

it("has all items of a Mult-VAE in its ranking", async () => {
  const trainer = await createTrainer({ engine: eager({ backend: "cpu" }) });
  await using model = await trainer.open(multVae({ itemCount, hiddenDimension: 4, latentDimension: 2 }));
  const file = join(directory, "mult-vae.onnx");
  await model.export(file);
  await using served = await loadRecommender(file);
  const seen = [3, 70_000, 139_999];
  const list = await served.recommend({ interactions: seen.map(String), count: itemCount });
  expect(list).toHaveLength(itemCount - 3);
  expect(new Set([...list.map(({ item }) => item), ...seen]).size).toBe(itemCount);
  const expected = await model.recommend({ interactions: seen, count: 100 });
  expect(list.slice(0, 100).map(({ item }) => item)).toEqual(expected.map(({ item }) => item));
});

async function bestOf(
  model: OpenRecommender,
  profileEmbedding: number[],
  count: number,
  exclude: number[] = [],
) {
  return (await model.recommend({ profileEmbedding, count, exclude })).map(({ item }) => item);
}

function scoresOf(model: OpenRecommender, profile: readonly number[]): Promise<Float32Array> {
  const profileEmbeddings = { rowCount: 1, columnCount: width, values: Float32Array.from(profile) };
  const none = new Int32Array(0);
  return model.score({
    itemCount,
    rowCount: 1,
    rows: none,
    items: none,
    weights: new Float32Array(0),
    profileEmbeddings,
  });
}
