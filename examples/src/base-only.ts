// A base recommender without profiles, from a table of ratings, with single packages only.
import { multVae } from "@dmrec/base-models";
import { loadDataset, syntheticCatalogue } from "@dmrec/data";
import { createTrainer } from "@dmrec/trainer";

const folder = process.argv[2];
const data = folder ? await loadDataset(folder, { minimumRating: 3 }) : syntheticCatalogue();
const recommender = multVae({
  itemCount: data.itemCount,
  hiddenDimension: 200,
  latentDimension: 64,
  klWeight: 0.2,
  annealingSteps: 200,
});
const trainer = await createTrainer({ epochs: Number(process.env.EPOCHS ?? 60), batchSize: 256 });
await using model = await trainer.fit(recommender, data, { directory: "runs/base-only" });
console.log((await model.evaluate(data)).metrics);
