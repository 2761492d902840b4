// The common path: data in, a matched recommender out, evaluated, saved, and asked for recommendations.
import {
  createTrainer,
  loadDataset,
  loadWeights,
  mddm,
  multVae,
  recommend,
  saveWeights,
  syntheticCatalogue,
  withMatching,
} from "dmrec";

const folder = process.argv[2];
const data = folder ? await loadDataset(folder) : syntheticCatalogue({ seed: 7 });

const trainer = await createTrainer({ seed: 7, epochs: Number(process.env.EPOCHS ?? 60), batchSize: 256 });
const recommender = withMatching(
  multVae({ itemCount: data.itemCount, hiddenDimension: 200, latentDimension: 64 }),
  {
    language: data.language,
    strategy: mddm({ beta: 0.5 }),
  },
);

const result = await trainer.fit(recommender, data, {
  callbacks: [{ onEvaluation: ({ epoch, metrics }) => console.log(epoch, metrics["recall@20"].toFixed(4)) }],
});
const report = await trainer.evaluate(recommender, data);
console.log(`best epoch ${result.bestEpoch}; on test:`, report.metrics);

await saveWeights(recommender, "recommender.safetensors");
await loadWeights(recommender, "recommender.safetensors");

for (const { name, score } of await recommend({ trainer, recommender, data, audience: { user: 0 } })) {
  console.log(score.toFixed(2), name);
}
recommender.dispose();
