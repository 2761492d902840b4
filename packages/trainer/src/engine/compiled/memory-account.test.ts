import { multVae } from "@dmrec/base-models";
import { OutOfMemoryError, parameter, type Recommender, RuntimeError } from "@dmrec/core";
import { gatherRows } from "@dmrec/data";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { compiled } from "../../index";
import { smallCatalogue, smallTrainer } from "../../testing/small-run";
import { withMemoryAccount } from "./memory-account";

const rows = gatherRows(smallCatalogue.train, Int32Array.of(1, 2));

/** A model whose loss needs a matrix of 256 TB, more than the addresses of a process, which no machine promises. */
function vastRecommender(): Recommender {
  const size = 8_000_000;
  return {
    name: "vast",
    itemCount: smallCatalogue.itemCount,
    reads: { interactions: true, profile: false, userIndex: false },
    examples: { kind: "users" },
    configuration: {},
    parameters: { numbers: parameter([size, 1], new Float32Array(size)) },
    loss({ numbers }) {
      if (!(numbers instanceof tf.Tensor)) throw new TypeError("the parameter has no tensor");
      const vast = tf.matMul(numbers, numbers, false, true);
      return { vast: tf.reshape(tf.matMul(numbers, tf.matMul(vast, numbers), true), []) };
    },
    scores: (_, { userCount, itemCount }) => tf.zeros([userCount, itemCount]),
  };
}

it("names the bytes that a step asked for, what else takes memory, and what to do about it", async () => {
  const trainer = await smallTrainer({ engine: compiled() });
  const failure: unknown = await trainer.fit(vastRecommender(), smallCatalogue).catch((error) => error);
  if (!OutOfMemoryError.isInstance(failure)) throw failure;
  expect(failure.bytes).toBe(256e12);
  expect(failure.message).toMatch(
    /operation "\w+\/\w+" \(\w+\) of a graph asked for 256,000,000 MB \(256000000000000 bytes\) at once/,
  );
  expect(failure.message).toContain("The parameters take 32 MB and their moments 64 MB, both twice");
  expect(failure.message).toContain("batchSize of createTrainer; this one has 32 users");
  expect(failure.message).toContain("softmaxSamples of multVae");
});

it("counts tables of items apart, and does not advise what a model does already", () => {
  const recommender = multVae({ itemCount: 80, hiddenDimension: 500, softmaxSamples: 10 });
  const step = { recommender, rows, onDevice: false, tables: ["encoder.hidden.weights"] };
  const failure = withMemoryAccount(new OutOfMemoryError("asked for too much"), step);
  expect(String(failure)).toMatch(/tables of items take 0\.2 MB, and up to 0\.5 MB for changed rows/);
  expect(String(failure)).not.toContain("softmaxSamples");
});

it("knows an array that JavaScript has no memory for", () => {
  const step = { recommender: vastRecommender(), rows, onDevice: false, tables: [] };
  let refused: unknown;
  try {
    new Float32Array(2 ** 50);
  } catch (error) {
    refused = error;
  }
  const failure = withMemoryAccount(refused, step);
  expect(OutOfMemoryError.isInstance(failure)).toBe(true);
  expect(String(failure)).toMatch(/Invalid typed array length: \d+\. The parameters take/);
});

it("leaves failures of other kinds as they are, but on a card, which does not say that its memory is full", () => {
  const step = { recommender: vastRecommender(), rows, onDevice: false, tables: [] };
  const failures = [new RangeError("offset is out of bounds"), new RuntimeError("stopped")];
  for (const failure of failures) expect(withMemoryAccount(failure, step)).toBe(failure);
  const [other, stopped] = failures.map((failure) => withMemoryAccount(failure, { ...step, onDevice: true }));
  expect(other).toBe(failures[0]);
  expect(RuntimeError.isInstance(stopped)).toBe(true);
  expect(String(stopped)).toMatch(/stopped\. If the card's memory is full: The parameters take 32 MB/);
});
