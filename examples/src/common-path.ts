// The common path: load data, train a matched model, evaluate it, save it, and recommend.
import { createTrainer, loadDataset, mddm, multVae, syntheticCatalogue, withMatching } from "dmrec";

const folder = process.argv[2];
const data = folder ? await loadDataset(folder) : syntheticCatalogue({ seed: 7 });
const { itemCount, profileEmbeddings } = data;

const recommender = withMatching(multVae({ itemCount, hiddenDimension: 200, latentDimension: 64 }), {
  profileEmbeddings,
  strategy: mddm({ beta: 0.5 }),
});
const trainer = await createTrainer({ seed: 7, epochs: Number(process.env.EPOCHS ?? 60), batchSize: 256 });
await using model = await trainer.fit(recommender, data, {
  callbacks: [{ onEvaluation: ({ epoch, metrics }) => console.log(epoch, metrics["recall@20"].toFixed(4)) }],
});
const { metrics } = await model.evaluate(data);
console.log(`best epoch ${model.training.bestEpoch}; on test:`, metrics);

for (const { name, score } of await model.recommend({ userIndex: 0 })) console.log(score.toFixed(2), name);

// Later, or in another process: the same model from its file of weights.
await model.save("recommender.safetensors");
await using reopened = await trainer.open(recommender, { data, weights: "recommender.safetensors" });
console.log(
  "Also with items 3 and 17 only:",
  (await reopened.recommend({ interactions: [3, 17], count: 1 }))[0].name,
);
