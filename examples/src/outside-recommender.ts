// A recommender of one's own (models/linear-vae.ts), trained with every matching strategy.
import { syntheticCatalogue } from "@dmrec/data";
import { cpdm, godm, mddm, withMatching } from "@dmrec/matching";
import { createTrainer } from "@dmrec/trainer";
import { linearVae } from "./models/linear-vae";

const data = syntheticCatalogue();
const trainer = await createTrainer({
  epochs: Number(process.env.EPOCHS ?? 60),
  batchSize: 256,
  adam: { learningRate: 0.005 },
});
for (const strategy of [godm({ beta: 0.8 }), cpdm({ beta: 0.6 }), mddm({ beta: 0.5 })]) {
  const recommender = withMatching(linearVae(data.itemCount, 32, 1), { language: data.language, strategy });
  await trainer.fit(recommender, data);
  const { metrics } = await trainer.evaluate(recommender, data);
  console.log(`${recommender.name}: recall@20 ${metrics["recall@20"].toFixed(4)}`);
  recommender.dispose();
}
