import {
  constant,
  type ForwardContext,
  parameter,
  type Recommender,
  type TensorsOf,
  type UserBatch,
  type VariationalRecommender,
} from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { embeddingBag } from "../embedding-bag";
import { gaussianHead } from "../gaussian-head";
import { recommenderChecks } from "./recommender-checks";

const itemCount = 5;
const tree = {
  items: parameter(
    [itemCount, itemCount],
    Float32Array.from({ length: 25 }, (_, index) => Math.sin(index)),
  ),
  users: constant(
    [3, itemCount],
    Float32Array.from({ length: 15 }, (_, index) => Math.cos(index)),
  ),
};
type Tensors = TensorsOf<typeof tree>;

/** A sound model: x · W. */
function soundModel(): Recommender {
  const scores = ({ items }: Tensors, batch: UserBatch) => embeddingBag(items, batch);
  return {
    name: "sound",
    configuration: { name: "sound", nested: [{ value: 1 }, null] },
    itemCount,
    reads: { interactions: true, profile: false, userIndex: false },
    examples: { kind: "users" },
    parameters: tree,
    loss(tensors: Tensors, batch: UserBatch, context: ForwardContext) {
      const noise = context.normal<tf.Rank.R2>([batch.userCount, itemCount]);
      return { squares: tf.mean(tf.square(tf.add(scores(tensors, batch), noise))) };
    },
    scores,
  };
}

const soundLoss = soundModel().loss;
const soundScores = soundModel().scores;

/** Faulty models by the check that finds the fault. */
const faults: Readonly<Record<string, Partial<VariationalRecommender>>> = {
  "has loss terms that are finite scalars": { loss: () => ({ nothing: tf.scalar(Number.NaN) }) },
  "scores all items with finite numbers, also for users without interactions": {
    scores(tensors, batch, context) {
      const scores = soundScores(tensors, batch, context);
      return tf.div(scores, tf.sum(tf.abs(scores), 1, true));
    },
  },
  "scores a user independently of the rest of the batch": {
    scores(tensors, batch, context) {
      const scores = soundScores(tensors, batch, context);
      return tf.sub(scores, tf.mean(scores, 0));
    },
  },
  "scores a user by their interactions in any order and with padding": {
    scores: (tensors, batch, context) =>
      soundScores(tensors, { ...batch, weights: tf.onesLike(batch.weights) }, context),
  },
  "makes the same requests in the same order in every step": {
    loss(tensors, batch, context) {
      const [step] = context.feed<tf.Rank.R1>([1], (info) => [info.step]).dataSync();
      return soundLoss(
        tensors,
        batch,
        step === 0 ? context : { ...context, normal: (shape) => tf.zeros(shape) },
      );
    },
  },
  "draws nothing for scores": {
    scores: (tensors, batch, context) =>
      tf.add(soundScores(tensors, batch, context), context.normal<tf.Rank.R2>([batch.userCount, itemCount])),
  },
  "reads interactions if it says so": { reads: { interactions: false, profile: false, userIndex: false } },
  "has arrays as long as their shapes say": {
    parameters: { ...tree, unused: parameter([3], new Float32Array(2)) },
  },
  "reads the profile embeddings of a batch if it says so": {
    reads: { interactions: true, profile: true, userIndex: false },
    profileWidth: 2,
  },
  "reads the index of a user if it says so": {
    scores(tensors: Tensors, batch, context) {
      const rows = tf.gather(tensors.users, batch.users ?? tf.zeros<tf.Rank.R1>([batch.userCount], "int32"));
      return tf.add(soundScores(tensors, batch, context), rows);
    },
  },
  "passes gradients to a parameter": { loss: () => ({ nothing: tf.scalar(0) }) },
  "leaves no tensors behind and its parameters as they were": {
    scores: (tensors, batch, context) => tf.keep(soundScores(tensors, batch, context)),
  },
  "has a configuration that survives JSON": {
    // @ts-expect-error: a value that is no JSON.
    configuration: { name: "faulty", values: new Float32Array(2) },
  },
  "prepares the same scores for every batch": {
    prepare(tensors) {
      let calls = 0;
      return Object.defineProperty({ ...tensors }, "items", {
        get() {
          calls += 1;
          return tf.fill([itemCount, itemCount], calls);
        },
      });
    },
  },
  "encodes and decodes users as distributions if it is variational": {
    latentDimension: 2,
    encode: (_, { userCount }) => gaussianHead(tf.zeros<tf.Rank.R2>([userCount, 2 * 3])),
    decode: (_, latent) => tf.zeros<tf.Rank.R2>([latent.shape[0], itemCount]),
  },
};

/** The message of each check for its faulty model. */
const messages: Readonly<Record<keyof typeof faults, RegExp>> = {
  "has loss terms that are finite scalars": /the loss term nothing is NaN; expected a finite number/,
  "scores all items with finite numbers, also for users without interactions": /the scores contain NaN/,
  "scores a user independently of the rest of the batch": /the scores of user 0 without other users differ/,
  "scores a user by their interactions in any order and with padding": /reordered and padded .* differ/,
  "makes the same requests in the same order in every step": /the requests of a later step/,
  "draws nothing for scores": /the scores of another seed/,
  "reads interactions if it says so": /reads\.interactions is false, but scores change with it/,
  "has arrays as long as their shapes say": /the number of values of unused/,
  "reads the profile embeddings of a batch if it says so": /reads\.profile is true, but scores do not change/,
  "reads the index of a user if it says so": /reads\.userIndex is false, but scores change with it/,
  "passes gradients to a parameter": /no parameter has a gradient/,
  "leaves no tensors behind and its parameters as they were": /1 tensors are left behind/,
  "has a configuration that survives JSON": /configuration/,
  "prepares the same scores for every batch": /the scores of a second call differ/,
  "encodes and decodes users as distributions if it is variational": /the shape of the matrix of means/,
};

const checkNamed = (name: string, make: () => Recommender) =>
  recommenderChecks(make).find((check) => check.name === name)?.check;

describe("the checks of recommenders", () => {
  it.each(recommenderChecks(soundModel))("a sound model $name", ({ check }) => check());

  it.each(Object.entries(faults))("find a model that breaks: %s", (name, fault) => {
    expect(checkNamed(name, () => ({ ...soundModel(), ...fault }))).toThrow(messages[name]);
  });

  it("find a model that is drawn differently each time", () => {
    let made = 0;
    const check = checkNamed("is made the same again", () => {
      made += 1;
      return { ...soundModel(), parameters: { items: parameter([1], Float32Array.of(made)) } };
    });
    expect(check).toThrow(/the values of items/);
  });

  it("cover every fault of this test", () => {
    const names = recommenderChecks(soundModel).map(({ name }) => name);
    expect([...Object.keys(faults), "is made the same again"].sort()).toEqual([...names].sort());
  });

  it("compare the width of profiles with the inputs of the model", () => {
    const check = checkNamed("reads the profile embeddings of a batch if it says so", () => ({
      ...soundModel(),
      profileWidth: 2,
    }));
    expect(check).toThrow("reads.profile is false, but profileWidth is 2");
  });
});
