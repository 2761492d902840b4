// A recommender that trains on pairs of items and has a vector for each user (models/pair-factorization.ts).
import { syntheticCatalogue } from "@dmrec/data";
import { createTrainer } from "@dmrec/trainer";
import { PairFactorization } from "./models/pair-factorization";

const data = syntheticCatalogue();
const trainer = await createTrainer({
  epochs: Number(process.env.EPOCHS ?? 60),
  adam: { learningRate: 0.01 },
});
await using model = await trainer.fit(new PairFactorization(data), data);
const { metrics } = await model.evaluate(data);
console.log(`recall@20 ${metrics["recall@20"].toFixed(4)} on test`);

for (const { name, score } of await model.recommend({ userIndex: 0, count: 5 }))
  console.log(score.toFixed(2), name);

// It knows its own users only.
await model.recommend({ interactions: [3] }).catch(({ message }) => console.log(`New user: ${message}`));
