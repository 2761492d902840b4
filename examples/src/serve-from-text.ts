// Train, export to one ONNX file, and recommend from the file, also to a cold-start user described by a text.
import { createTrainer, loadRecommender, mddm, multVae, syntheticCatalogue, withMatching } from "dmrec";

const data = syntheticCatalogue({ seed: 7 });
const { itemCount, profileEmbeddings, userProfiles } = data;
const trainer = await createTrainer({ seed: 7, epochs: Number(process.env.EPOCHS ?? 60), batchSize: 256 });
const recommender = withMatching(multVae({ itemCount, hiddenDimension: 200, latentDimension: 64 }), {
  profileEmbeddings,
  strategy: mddm({ beta: 0.5 }),
  coldStartRate: 0.3,
});
const trained = await trainer.fit(recommender, data);
const { metrics } = await trained.evaluate(data);
console.log(`recall@20 ${metrics["recall@20"].toFixed(4)} on test`);
await trained.export("recommender.onnx");
await trained.close();

// The rest needs only the file and @dmrec/serving.
await using served = await loadRecommender("recommender.onnx");

// The text's embedding, made by the encoder of the training data. Here it is that of a user's own profile.
const profileEmbedding = profileEmbeddings?.users.values.slice(0, served.profileWidth) ?? [];
console.log("From the text only:", userProfiles?.[0] ?? "");
for (const { name, score } of await served.recommend({ profileEmbedding, count: 5 }))
  console.log(score.toFixed(2), name);

const [first, second] = served.itemIds;
console.log("\nFrom two items as well:");
for (const { name, score } of await served.recommend({
  profileEmbedding,
  interactions: [first, second],
  count: 5,
}))
  console.log(score.toFixed(2), name);
