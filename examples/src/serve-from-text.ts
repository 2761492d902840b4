// Train, export to one ONNX file, and recommend from it, also to somebody who is known by a text alone.
import {
  createRecommender,
  createTrainer,
  exportOnnx,
  mddm,
  multVae,
  syntheticCatalogue,
  withMatching,
} from "dmrec";

const data = syntheticCatalogue({ seed: 7 });
const trainer = await createTrainer({ seed: 7, epochs: Number(process.env.EPOCHS ?? 60), batchSize: 256 });
const trained = withMatching(
  multVae({ itemCount: data.itemCount, hiddenDimension: 200, latentDimension: 64 }),
  { language: data.language, strategy: mddm({ beta: 0.5 }) },
);
await trainer.fit(trained, data);
const { metrics } = await trainer.evaluate(trained, data);
console.log(`recall@20 ${metrics["recall@20"].toFixed(4)} on test`);
await exportOnnx(trained, "recommender.onnx", data);
trained.dispose();

// From here on nothing but the file and @dmrec/serving is needed.
const recommender = await createRecommender("recommender.onnx");

// The embedding of a text by the encoder of the training data: here that of a reader's own profile.
const width = recommender.profileWidth ?? 0;
const profileEmbedding = data.language?.users.values.slice(0, width) ?? [];
console.log("By a text alone:", data.userProfiles?.[0] ?? "");
for (const { name, score } of await recommender.recommend({ profileEmbedding, k: 5 })) {
  console.log(score.toFixed(2), name);
}

const [first, second] = recommender.itemIds;
console.log("\nBy two items as well:");
for (const { name, score } of await recommender.recommend({
  profileEmbedding,
  interactions: [first, second],
  k: 5,
})) {
  console.log(score.toFixed(2), name);
}
await recommender.release();
