import { multVae } from "@dmrec/base-models";
import { syntheticCatalogue } from "@dmrec/data";
import { cpdm, godm, mddm, withMatching, withoutMatching, withoutMixing } from "@dmrec/matching";
import { createTrainer } from "@dmrec/trainer";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

const data = syntheticCatalogue({ users: 120, items: 60, embeddingWidth: 8 });
const strategies = [
  godm({ beta: 0.8 }),
  cpdm({ beta: 0.6 }),
  mddm({ beta: 0.5 }),
  withoutMatching(),
  withoutMixing({ beta: 0.5 }),
];

describe.each(strategies)("Mult-VAE with $name", (strategy) => {
  it.each(["sum", "collaborative"] as const)(
    "decoding the %s posterior, trains every variable and leaks nothing",
    async (posterior) => {
      const trainer = await createTrainer({
        epochs: 3,
        batchSize: 60,
        evaluateEvery: 1,
        adam: { learningRate: 0.01 },
      });
      const before = tf.memory().numTensors;
      const model = multVae({ itemCount: data.itemCount, hiddenDimension: 12, latentDimension: 4 });
      const recommender = withMatching(model, {
        language: data.language,
        strategy,
        posterior,
        hiddenDimension: 12,
      });
      const initial = Object.entries(recommender.variables).map(
        ([name, variable]) => [name, variable.dataSync().slice()] as const,
      );
      const { epochHistory } = await trainer.fit(recommender, data);
      expect(epochHistory[2].losses.total).toBeLessThan(epochHistory[0].losses.total);
      for (const [name, values] of initial) {
        // Without matching, nothing reaches the language space unless its posterior is decoded.
        const idle =
          strategy.name === "without-matching" &&
          posterior === "collaborative" &&
          name.startsWith("language");
        expect(
          recommender.variables[name].dataSync().every((value, index) => value === values[index]),
          name,
        ).toBe(idle);
      }
      recommender.dispose();
      expect(tf.memory().numTensors).toBe(before);
    },
  );
});
