// A base recommender without any language space, from a table of ratings: single packages, no command line.
import { multVae } from "@dmrec/base-models";
import { loadDataset, syntheticCatalogue } from "@dmrec/data";
import { createTrainer } from "@dmrec/trainer";

const folder = process.argv[2];
const data = folder ? await loadDataset(folder, { minimumRating: 3 }) : syntheticCatalogue();
const trainer = await createTrainer({ epochs: Number(process.env.EPOCHS ?? 60), batchSize: 256 });
const recommender = multVae({
  itemCount: data.itemCount,
  hiddenDimension: 200,
  latentDimension: 64,
  klWeight: 0.2,
  annealingSteps: 200,
});
await trainer.fit(recommender, data, { directory: "runs/base-only" });
console.log((await trainer.evaluate(recommender, data)).metrics);
recommender.dispose();
