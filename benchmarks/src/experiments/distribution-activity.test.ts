import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { multVae } from "@dmrec/base-models";
import { popularity } from "@dmrec/baselines";
import type { Recommender, VariationalRecommender } from "@dmrec/core";
import { syntheticCatalogue } from "@dmrec/data";
import { mddm, withMatching } from "@dmrec/matching";
import { createTrainer, eager } from "@dmrec/trainer";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { distributionActivity } from "./distribution-activity";

const data = syntheticCatalogue({ users: 50, items: 20, embeddingWidth: 4 });
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "dmrec-activity-"));
});
afterAll(() => rm(directory, { recursive: true }));

async function activityOf(model: Recommender): Promise<Float64Array | undefined> {
  const trainer = await createTrainer({ engine: eager({ backend: "cpu" }) });
  await using open = await trainer.open(model, { data });
  const weights = join(directory, `${model.name}.safetensors`);
  await open.save(weights);
  return distributionActivity(trainer, model, weights, data);
}

/** A model whose posterior means are the number of a user's interactions, a constant, and the half of the first. */
function counting(): VariationalRecommender {
  const inner = multVae({ itemCount: data.itemCount, hiddenDimension: 4, latentDimension: 3 });
  return {
    name: inner.name,
    configuration: inner.configuration,
    itemCount: inner.itemCount,
    reads: inner.reads,
    examples: inner.examples,
    parameters: inner.parameters,
    latentDimension: 3,
    encode(_, { userCount, rows, weights }) {
      const counts = tf.scatterND(tf.reshape(rows, [-1, 1]), weights, [userCount]);
      const mean = tf.reshape<tf.Rank.R2>(tf.stack([counts, tf.onesLike(counts), tf.div(counts, 2)], 1), [
        userCount,
        3,
      ]);
      return { kind: "diagonal-gaussian", mean, logVariance: tf.zerosLike(mean) };
    },
    decode: inner.decode.bind(inner),
    reconstructionLoss: inner.reconstructionLoss.bind(inner),
    loss: inner.loss.bind(inner),
    scores: inner.scores.bind(inner),
  };
}

describe("distributionActivity", () => {
  it("is the variance of the means over users", async () => {
    const { offsets } = data.train;
    const counts = Array.from({ length: data.userCount }, (_, user) => offsets[user + 1] - offsets[user]);
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / counts.length;
    const activity = await activityOf(counting());
    expect(activity).toHaveLength(3);
    [variance, 0, variance / 4].forEach((expected, dimension) => {
      expect(activity?.[dimension]).toBeCloseTo(expected, 3);
    });
  });

  it("is that of the combined posterior for a matched model, and none for a model without a distribution", async () => {
    const matched = withMatching(
      multVae({ itemCount: data.itemCount, hiddenDimension: 4, latentDimension: 3 }),
      {
        profileEmbeddings: data.profileEmbeddings,
        strategy: mddm({ beta: 0.5 }),
        hiddenDimension: 4,
      },
    );
    const activity = await activityOf(matched);
    expect(activity).toHaveLength(3);
    expect(activity?.every((value) => value > 0)).toBe(true);
    expect(await activityOf(popularity(data.train))).toBeUndefined();
  });
});
