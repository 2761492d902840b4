// A new matching strategy is one function: here, the Rényi divergence of order 1/2 between both spaces. As a row of a zoo
// it has a name, and can be compared with the others.
import { klDivergence, renyiDivergence, standardGaussian } from "@dmrec/distributions";
import type { MatchingStrategy } from "@dmrec/matching";
import * as tf from "@tensorflow/tfjs-core";
import { compareModels, defaultZoo, resolvePlan, syntheticCatalogue } from "dmrec";

function renyi({ beta, klWeight }: { readonly beta: number; readonly klWeight: number }): MatchingStrategy {
  return {
    name: "renyi",
    configuration: { name: "renyi", beta, klWeight },
    loss: ({ collaborative, language, combined }) => ({
      regularization: tf.mul(klWeight, tf.mean(klDivergence(combined, standardGaussian))),
      matching: tf.mul(beta, tf.mean(renyiDivergence(collaborative, language, { order: 0.5 }))),
    }),
  };
}

const zoo = defaultZoo.with({
  strategies: [
    {
      name: "renyi",
      title: "DMRec-R",
      description: "matches by the Rényi divergence of order 1/2",
      isAblation: false,
      beta: { default: 0.2, source: "a guess" },
      make: renyi,
    },
  ],
});

const data = syntheticCatalogue();
const epochs = Number(process.env.EPOCHS ?? 60);
const flags = { base: "mult-vae", settings: "default", seed: 1, epochs, monitor: "recall@20" } as const;
const plan = resolvePlan({ ...flags, models: ["base", "mddm", "renyi"] }, data, zoo);
await using comparison = await compareModels(data, plan, { zoo });
for await (const outcome of comparison)
  if (outcome.kind === "finished")
    console.log(`${outcome.name}: recall@20 ${outcome.report.metrics["recall@20"].toFixed(4)}`);
console.log(`The best on the validation part is ${comparison.best?.name}.`);
