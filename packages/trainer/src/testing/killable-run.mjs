// A run in a process of its own, on the built packages, to be killed by the test beside it.
// Arguments: the run's directory. Prints each step, and the result as JSON at the end.
import { multVae } from "@dmrec/base-models";
import { syntheticCatalogue } from "@dmrec/data";
import { mddm, withMatching } from "@dmrec/matching";
import { createTrainer } from "@dmrec/trainer";

const data = syntheticCatalogue({ users: 200, items: 100, embeddingWidth: 16, seed: 3 });
const trainer = await createTrainer({
  seed: 5,
  epochs: 12,
  batchSize: 32,
  evaluation: { interval: 2 },
  checkpointIntervalSeconds: 0,
});
const recommender = withMatching(
  multVae({ itemCount: data.itemCount, hiddenDimension: 64, latentDimension: 16 }),
  {
    profileEmbeddings: data.profileEmbeddings,
    strategy: mddm({ beta: { concentration: 2 } }),
  },
);
const onStep = ({ epoch, step }) => process.stdout.write(`step ${epoch} ${step}\n`);
const model = await trainer.fit(recommender, data, {
  directory: process.argv[2],
  callbacks: [{ onStep }],
});
const { bestMetrics, evaluationHistory, epochHistory } = model.training;
const { metrics } = await model.evaluate(data);
const losses = epochHistory.map((record) => record.losses);
process.stdout.write(`result ${JSON.stringify({ metrics, bestMetrics, evaluationHistory, losses })}\n`);
await model.close();
