// A recommender of your own (models/linear-vae.ts), trained under every matching strategy.
import { syntheticCatalogue } from "@dmrec/data";
import { cpdm, godm, mddm, withMatching } from "@dmrec/matching";
import { createTrainer } from "@dmrec/trainer";
import { LinearVae } from "./models/linear-vae";

const data = syntheticCatalogue();
const { profileEmbeddings } = data;
const trainer = await createTrainer({
  epochs: Number(process.env.EPOCHS ?? 60),
  batchSize: 256,
  adam: { learningRate: 0.005 },
});
for (const strategy of [godm({ beta: 0.8 }), cpdm({ beta: 0.6 }), mddm({ beta: 0.5 })]) {
  const recommender = withMatching(new LinearVae(data.itemCount, 32), { profileEmbeddings, strategy });
  await using model = await trainer.fit(recommender, data);
  const { metrics } = await model.evaluate(data);
  console.log(`${recommender.name}: recall@20 ${metrics["recall@20"].toFixed(4)}`);
}
