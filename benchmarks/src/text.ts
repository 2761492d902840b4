// How well a trained model recommends from texts alone, beside the popularity ranking: a table, and JSON as the last line.
import { join } from "node:path";
import Table from "cli-table3";
import { Command } from "commander";
import {
  createTrainer,
  createVariant,
  evaluateRanking,
  fingerprint,
  itemPopularity,
  loadDataset,
  type ModelTrainer,
  parseOptions,
  type Recommender,
  type SplitDataset,
  summarise,
} from "dmrec";
import { z } from "zod";
import { embeddingSources } from "./accuracy-task";
import { withEmbeddings } from "./benchmark-data";
import { Interrupted, runCommand } from "./interruption";
import { integer, list, number, positiveInteger } from "./list";
import { runName } from "./run-name";

const flagsSchema = z.object({
  data: z.string(),
  embeddings: z.enum(embeddingSources),
  seeds: list(integer),
  shares: list(number.pipe(z.number().min(0).lt(1))),
  epochs: positiveInteger,
  threads: positiveInteger,
  runs: z.string(),
});

const program = new Command("bench:text")
  .description("Train DMRec-M and rank the test part from users' profiles alone, without any interaction.")
  .requiredOption("--data <folder>", "a dataset with profiles of users and items")
  .option(
    "--embeddings <source>",
    "default: of the profiles, by the default encoder; given: those of the folder",
    "default",
  )
  .option("--seeds <numbers>", "seeds, a run each", "2024,2025,2026")
  .option("--shares <numbers>", "values of profileOnlyShare to compare", "0,0.3")
  .option("--epochs <count>", "the most epochs of a run", "1000")
  .option("--threads <count>", "threads of the compiled engine", "1")
  .option("--runs <folder>", "where runs are kept: the same command goes on from them", "runs/text");

/** Users scored at a time. */
const batchSize = 500;

/** Recall@20 of a ranking of all items for each user, training items left out. */
async function recallOf(
  data: SplitDataset,
  score: (users: Int32Array) => Promise<Float32Array>,
): Promise<number> {
  const { metrics } = await evaluateRanking({
    score,
    data,
    part: "test",
    cutoffs: [20],
    mask: "train",
    batchSize,
  });
  return metrics["recall@20"];
}

/** Scores of users by the embedding of their profile, with no interaction; `specificity` as in `recommendFromText`. */
function scoresFromText(
  trainer: ModelTrainer,
  recommender: Recommender,
  { itemCount, language }: SplitDataset,
  specificity: number,
): (users: Int32Array) => Promise<Float32Array> {
  const { values, columnCount } = language?.users ?? { values: new Float32Array(), columnCount: 0 };
  const none = { items: new Int32Array(), rows: new Int32Array(), weights: new Float32Array() };
  const scoresOf = (profiles: Float32Array) =>
    trainer.scores(recommender, {
      ...none,
      itemCount,
      users: new Int32Array(profiles.length / columnCount),
      profiles: { rowCount: profiles.length / columnCount, columnCount, values: profiles },
    });
  return async (users) => {
    const profiles = new Float32Array(users.length * columnCount);
    for (const [row, user] of users.entries())
      profiles.set(values.subarray(user * columnCount, (user + 1) * columnCount), row * columnCount);
    const untold = await scoresOf(new Float32Array(columnCount));
    const told = await scoresOf(profiles);
    return told.map((score, index) => score - specificity * untold[index % itemCount]);
  };
}

async function main(signal: AbortSignal): Promise<void> {
  const {
    data: folder,
    embeddings,
    seeds,
    shares,
    epochs,
    threads,
    runs,
  } = parseOptions("bench:text", flagsSchema, program.parse().opts());
  const data = await withEmbeddings(await loadDataset(folder), embeddings);
  const counts = Float32Array.from(itemPopularity(data.train));
  const popularity = await recallOf(data, async (users) => {
    const scores = new Float32Array(users.length * data.itemCount);
    for (const row of users.keys()) scores.set(counts, row * data.itemCount);
    return scores;
  });
  console.log(`popularity: recall@20 ${popularity.toFixed(4)}`);
  const root = join(runs, fingerprint(data).slice(0, 12));
  const results = [];
  for (const share of shares) {
    for (const seed of seeds) {
      const label = `profileOnlyShare ${share}, seed ${seed}`;
      const trainer = await createTrainer({ seed, epochs, threads });
      const recommender = createVariant("mddm", data, { seed, profileOnlyShare: share });
      const directory = join(root, runName(`mddm-${share}`, seed, { epochs }));
      const { stopped, bestEpoch } = await trainer.fit(recommender, data, { directory, signal });
      if (stopped === "interrupted")
        throw new Interrupted(`Stopped at ${label}. The same command goes on from there.`);
      const { metrics } = await trainer.evaluate(recommender, data);
      const recallAt = (specificity: number) =>
        recallOf(data, scoresFromText(trainer, recommender, data, specificity));
      const [fromText, specific] = [await recallAt(0), await recallAt(0.5)];
      recommender.dispose();
      results.push({ share, seed, fromText, specific, fromBoth: metrics["recall@20"], bestEpoch });
      console.log(
        `${label}: recall@20 from text alone ${fromText.toFixed(4)} (specificity 0.5: ${specific.toFixed(4)}), with interactions ${metrics["recall@20"].toFixed(4)}, best epoch ${bestEpoch}`,
      );
    }
  }
  const table = new Table({
    head: ["ranking", "recall@20 from texts alone", "specificity 0.5", "with interactions"],
    style: { head: [], border: [] },
  });
  table.push(["popularity", popularity.toFixed(4), "", ""]);
  for (const share of shares) {
    const own = results.filter((result) => result.share === share);
    const cells = (["fromText", "specific", "fromBoth"] as const).map((key) => {
      const { mean, standardDeviation } = summarise(own.map((result) => result[key]));
      return `${mean.toFixed(4)} ± ${standardDeviation.toFixed(4)}`;
    });
    table.push([`DMRec-M, profileOnlyShare ${share}`, ...cells]);
  }
  console.log(table.toString());
  console.log(JSON.stringify({ popularity, results }));
}

await runCommand(main);
