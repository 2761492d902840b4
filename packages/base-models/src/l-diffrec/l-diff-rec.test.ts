import { type ForwardContext, InvalidOptionsError, RandomGenerator, type UserBatch } from "@dmrec/core";
import { asTrainingSplit, interactionMatrix, syntheticCatalogue } from "@dmrec/data";
import { createTrainingStates } from "@dmrec/layers";
import {
  openParameters,
  recommenderChecks,
  type TestContextOptions,
  testContext,
  userBatch,
} from "@dmrec/layers/testing";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { dense, mapped, mean, rowsOf, softmax, times } from "../../../../testing/plain-math";
import { latentSizes } from "./cluster-sizes";
import { itemClusters } from "./item-clusters";
import { type LDiffRecOptions, lDiffRec } from "./l-diff-rec";
import { noiseSchedule, signalToNoiseWeights } from "./noise-schedule";

const { train: interactions } = syntheticCatalogue({ users: 80, items: 40, seed: 2 });
const sizes = { interactions, latentDimension: 6, denoiserDimension: 5 };

/** 40 items in groups of the same size. */
const groupsOf = (count: number) => Int32Array.from({ length: 40 }, (_, item) => item % count);

/** Some users without any interaction. */
const nothing = (userCount: number) =>
  asTrainingSplit(
    interactionMatrix({ userCount, itemCount: 40, users: new Int32Array(0), items: new Int32Array(0) }),
  );

/** Two users with items 0, 3 and item 4. */
const batch = userBatch(40, [[0, 3], [4]]);

/** A model with its tensors. */
function open(options: Partial<LDiffRecOptions> = {}) {
  const model = lDiffRec({ ...sizes, ...options });
  const parameters = openParameters(model);
  return {
    encode: (batch: UserBatch) => model.encode(parameters, batch, testContext()),
    loss: (options: TestContextOptions = {}) => model.loss(parameters, batch, testContext(options)),
    scores: () => model.scores(parameters, batch, testContext({ training: false })),
  };
}

describe("lDiffRec", () => {
  it("encodes users between −1 and 1, by their items in any order", () => {
    const model = open({ clusters: 3 });
    const { mean, logVariance } = model.encode(batch);
    expect([mean.shape, logVariance.shape]).toEqual([
      [2, 6],
      [2, 6],
    ]);
    for (const value of [...mean.dataSync(), ...logVariance.dataSync()])
      expect(Math.abs(value)).toBeLessThan(1);
    const turned = {
      ...batch,
      rows: tf.tensor1d([1, 0, 0], "int32"),
      items: tf.tensor1d([4, 3, 0], "int32"),
    };
    const difference = tf.sub(model.encode(turned).mean, mean);
    expect(Math.max(...tf.abs(difference).dataSync())).toBeLessThan(1e-6);
  });

  it.each(["start", "noise"] as const)("gives finite losses and scores, predicting the %s", (prediction) => {
    for (const [stepWeights, inferenceSteps] of [
      ["signal-to-noise", 0],
      ["uniform", 3],
    ] as const) {
      const model = open({ prediction, stepWeights, inferenceSteps });
      for (const term of Object.values(model.loss())) expect(Number.isFinite(term.dataSync()[0])).toBe(true);
      expect(model.scores().shape).toEqual([2, 40]);
      expect(model.scores().dataSync().every(Number.isFinite)).toBe(true);
    }
  });

  it("lets the weight of the diffusion fall to its floor by epochs, and that of the KL rise by steps", () => {
    const model = open({
      diffusionWeight: 0.4,
      diffusionWeightFloor: 0.1,
      diffusionWeightEpochs: 10,
    });
    const term = (name: string, epoch: number, step: number) =>
      model.loss({ epoch, step })[name].dataSync()[0];
    const whole = term("diffusion", 0, 0);
    expect(term("diffusion", 5, 0) / whole).toBeCloseTo(0.5, 5);
    expect(term("diffusion", 9, 0) / whole).toBeCloseTo(0.25, 5);
    const full = term("regularization", 0, 1000);
    expect(term("regularization", 0, 0)).toBe(0);
    expect(term("regularization", 0, 50) / full).toBeCloseTo(0.25, 5);
  });

  it("remembers the losses of the drawn steps", () => {
    const states = createTrainingStates();
    open().loss({ states });
    const remembered = z.array(z.array(z.number().positive())).parse(states.all[0].serialize());
    expect(remembered).toHaveLength(5);
    expect(remembered.flat()).toHaveLength(2);
  });

  it("tells clusterings of the same sizes apart by its configuration", () => {
    const configurationOf = (clusterOfItem: Int32Array) => {
      const model = lDiffRec({ ...sizes, clusterOfItem });
      return model.configuration;
    };
    const halves = Int32Array.from({ length: 40 }, (_, item) => Number(item < 20));
    const turns = Int32Array.from({ length: 40 }, (_, item) => item % 2);
    expect(configurationOf(halves)).toEqual(configurationOf(halves.slice()));
    expect(configurationOf(halves)).not.toEqual(configurationOf(turns));
  });

  for (const clusters of [1, 3])
    for (const { name, check } of recommenderChecks(() => lDiffRec({ ...sizes, clusters })))
      it(`${name}, ${clusters} clusters`, check);

  it("names what an untyped program passes wrongly", () => {
    const training = /interactions: expected the training part of a dataset, such as data\.train/;
    // @ts-expect-error
    expect(() => lDiffRec({ ...sizes, interactions: { ...sizes.interactions, part: "test" } })).toThrow(
      training,
    );
    // @ts-expect-error
    expect(() => lDiffRec({})).toThrow(training);
    // @ts-expect-error
    expect(() => lDiffRec({ ...sizes, itemEmbeddings: [[1, 2]] })).toThrow(
      /itemEmbeddings: no matrix; expected/,
    );
    const clusterOfItem = Array.from({ length: 40 }, () => 0.5);
    // @ts-expect-error
    expect(() => lDiffRec({ ...sizes, clusterOfItem })).toThrow(/clusterOfItem: expected every number/);
  });

  it.each<[Partial<LDiffRecOptions>, RegExp]>([
    [{ clusters: 41, latentDimension: 50 }, /clusters: 41 are more than the 40 items/],
    [{ clusters: 7 }, /clusters: 7 are more than latentDimension, \d+; expected a dimension each/],
    [{ latentDimension: 1 }, /clusters: 2 are more than latentDimension, 1/],
    [{ inferenceSteps: 6 }, /inferenceSteps: are more than steps/],
    [{ noiseScale: 0 }, /noiseScale/],
    [{ noiseMinimum: 0.02 }, /noiseMinimum: is more than noiseMaximum/],
    [{ schedule: "linear", noiseMinimum: 0.02 }, /noiseMinimum: is more than noiseMaximum/],
    [{ noiseScale: 200 }, /noiseScale: times noiseMaximum is 1 or more/],
    [{ schedule: "linear", noiseScale: 4, noiseMaximum: 0.3 }, /noiseScale: times noiseMaximum/],
    [{ clusterOfItem: new Int32Array(39) }, /the clusters of items has shape \[39\]; expected \[40\]/],
    [{ clusterOfItem: new Int32Array(40).fill(1) }, /every number from 0 on, without a gap/],
    [{ clusterOfItem: new Int32Array(40).fill(-1, 39) }, /every number from 0 on, without a gap/],
    [{ clusterOfItem: new Int32Array(40).fill(2e9, 39) }, /every number from 0 on, without a gap/],
    [{ clusterOfItem: groupsOf(7) }, /clusterOfItem: has more groups than latentDimension/],
    [{ itemEmbeddings: { rowCount: 3, columnCount: 1, values: new Float32Array(3) } }, /\[3, 1\]/],
    [
      { itemEmbeddings: { rowCount: 40, columnCount: 8, values: new Float32Array(3) } },
      /itemEmbeddings: 3 values; expected 40 × 8/,
    ],
    [
      { itemEmbeddings: { rowCount: 40, columnCount: 2, values: new Float32Array(80).fill(NaN, 15) } },
      /itemEmbeddings, item 7, column 1: NaN; expected a finite number/,
    ],
    [
      { interactions: nothing(0) },
      /interactions: none to cluster items by; expected some; or itemEmbeddings/,
    ],
    [{ interactions: nothing(9) }, /interactions: none to cluster items by/],
  ])("refuses %j", (options, message) => {
    expect(() => lDiffRec({ ...sizes, ...options })).toThrow(message);
  });

  it("needs no clusters, and none of their checks, where groups are known", () => {
    const one = asTrainingSplit({ ...nothing(3), itemCount: 1 });
    const alone = lDiffRec({ interactions: one, clusterOfItem: Int32Array.of(0) });
    expect(alone.configuration.clusters).toEqual([1]);
    alone;
    const narrow = lDiffRec({ ...sizes, latentDimension: 1, clusterOfItem: groupsOf(1) });
    expect(narrow.configuration.clusters).toEqual([40]);
    narrow;
  });

  it("needs no interactions where it clusters by something else, or not at all", () => {
    const values = Float32Array.from({ length: 40 }, (_, item) => item % 4);
    const itemEmbeddings = { rowCount: 40, columnCount: 1, values };
    for (const [options, clusters] of [
      [{ itemEmbeddings, clusters: 4 }, [10, 10, 10, 10]],
      [{ clusterOfItem: groupsOf(2) }, [20, 20]],
      [{ clusters: 1 }, [40]],
    ] as const) {
      const model = lDiffRec({ ...sizes, interactions: nothing(0), ...options });
      expect(model.configuration.clusters).toEqual(clusters);
    }
  });

  it.each(["cosine", "binomial"] as const)(
    "lets the options of noise be where the schedule is %s",
    (schedule) => {
      lDiffRec({ ...sizes, schedule, noiseScale: 200, noiseMinimum: 0.02 });
    },
  );

  it("refuses an option that it does not have", () => {
    const options = { ...sizes, cluster: 2 };
    expect(() => lDiffRec(options)).toThrow(InvalidOptionsError);
  });
});

describe("the formulas of lDiffRec", () => {
  const options = { ...sizes, clusterOfItem: groupsOf(2), steps: 3, timeDimension: 4, noiseScale: 20 };
  const model = lDiffRec(options);
  const noise = { schedule: "linear-var", noiseScale: 20, noiseMinimum: 0.001, noiseMaximum: 0.005 } as const;
  const schedule = noiseSchedule({ ...noise, steps: 3 });
  const histories = [[0, 3], [4]];

  /** tanh(x W + b) of each cluster: the first half of its columns are means, the others log-variances. */
  const byCluster = [0, 1].map((cluster) => {
    const own = histories.map((items) =>
      Array.from({ length: 40 }, (_, item) => Number(items.includes(item) && item % 2 === cluster)),
    );
    const [bias] = rowsOf(model, `encoder.clusters.${cluster}.bias`);
    const sums = times(own, rowsOf(model, "encoder.weights"));
    return sums.map((row) => row.map((value, column) => Math.tanh(value + bias[column])));
  });
  const sideBySide = (from: number, to: number) =>
    histories.map((_, user) => byCluster.flatMap((rows) => rows[user].slice(from, to)));
  const [means, logVariances] = [sideBySide(0, 3), sideBySide(3, 6)];

  /** W₂ tanh(W₁ [z, W_τ τ(t) + b_τ] + b₁) + b₂ */
  const denoised = (latent: readonly number[], step: number) => {
    const embedding = [Math.cos(step), Math.cos(step / 100), Math.sin(step), Math.sin(step / 100)];
    const [time] = dense(model, "denoiser.time", [embedding]);
    const hidden = mapped(dense(model, "denoiser.hidden", [[...latent, ...time]]), Math.tanh);
    return dense(model, "denoiser.output", hidden)[0];
  };

  it("scores by the means, denoised step by step and decoded", () => {
    const { startWeights, noisyWeights } = schedule.posterior;
    const latents = means.map((mean) => {
      let latent = mean;
      for (const step of [2, 1, 0]) {
        const start = denoised(latent, step);
        latent = latent.map((value, i) => startWeights[step] * start[i] + noisyWeights[step] * value);
      }
      return latent;
    });
    const expected = dense(model, "decoder", latents);
    const actual = open(options).scores().arraySync();
    expected.forEach((row, user) => {
      row.forEach((score, item) => {
        expect(actual[user][item]).toBeCloseTo(score, 5);
      });
    });
  });

  it("loses λ times the error of ẑ₀, − log p(x|ẑ₀), and the annealed KL", () => {
    const drawn = [2, 1];
    const base = testContext({ epoch: 100, step: 50 });
    const noises = [0.5, -0.25];
    const context: ForwardContext = {
      ...base,
      normal: (shape) => tf.fill(shape, noises.shift() ?? Number.NaN),
      feed: (shape, make) => base.feed(shape, shape[0] === 2 ? () => drawn : make),
    };
    const starts = means.map((row, user) =>
      row.map((value, i) => value + 0.5 * Math.exp(logVariances[user][i] / 2)),
    );
    const predicted = starts.map((row, user) => {
      const alpha = schedule.cumulativeAlphas[drawn[user]];
      const noisy = row.map((value) => Math.sqrt(alpha) * value - 0.25 * Math.sqrt(1 - alpha));
      return denoised(noisy, drawn[user]);
    });
    const errors = starts.map((row, user) => mean(row.map((value, i) => (value - predicted[user][i]) ** 2)));
    const weights = signalToNoiseWeights(schedule);
    const likelihoods = softmax(dense(model, "decoder", predicted)).map((shares, user) =>
      histories[user].reduce((sum, item) => sum - Math.log(shares[item]), 0),
    );
    const divergences = means.map((row, user) =>
      row.reduce((sum, value, i) => {
        const logVariance = logVariances[user][i];
        return sum + (Math.exp(logVariance) - 1 - logVariance + value ** 2) / 2;
      }, 0),
    );

    const terms = model.loss(openParameters(model), batch, context);
    const value = (name: string) => terms[name].dataSync()[0];
    expect(Object.keys(terms).sort()).toEqual(["diffusion", "reconstruction", "regularization"]);
    expect(value("diffusion")).toBeCloseTo(0.04 * mean(errors.map((e, user) => weights[drawn[user]] * e)), 5);
    expect(value("reconstruction")).toBeCloseTo(mean(likelihoods), 4);
    expect(value("regularization")).toBeCloseTo(0.075 * mean(divergences), 5);
  });
});

describe("clusters of items", () => {
  it("share the latent dimensions by size, and the last takes the rest", () => {
    expect(latentSizes([5, 7], 6)).toEqual([2, 4]);
    expect(latentSizes([1, 999], 300)).toEqual([1, 299]);
    expect(latentSizes([10], 300)).toEqual([300]);
  });

  it("have a dimension each, however unlike their sizes", () => {
    expect(latentSizes([29950, 25, 25], 300)).toEqual([298, 1, 1]);
    expect(latentSizes([100000, 1, 1, 1], 300)).toEqual([297, 1, 1, 1]);
    expect(latentSizes([1, 1, 100], 3)).toEqual([1, 1, 1]);
  });

  it("bring items together that the same people have", () => {
    // Four circles of twenty people. Each person has eight of the circle's ten items, and one from outside.
    const events = Array.from({ length: 80 }, (_, user) => [
      ...Array.from({ length: 8 }, (_, place) => ({ user, item: (user % 4) + 4 * ((user + place) % 10) })),
      { user, item: (user * 7 + 1) % 40 },
    ]).flat();
    const circles = interactionMatrix({
      userCount: 80,
      itemCount: 40,
      users: Int32Array.from(events, ({ user }) => user),
      items: Int32Array.from(events, ({ item }) => item),
    });
    const random = RandomGenerator.fromSeed(1);
    const groups = itemClusters({ interactions: circles, clusters: 4, random });
    const ofCircles = Array.from({ length: 4 }, (_, circle) =>
      [...groups.keys()].filter((item) => item % 4 === circle).map((item) => groups[item]),
    );
    expect(ofCircles.map((members) => new Set(members).size)).toEqual([1, 1, 1, 1]);
    expect(new Set(ofCircles.flat()).size).toBe(4);
  });
});
