// Accuracy of recommendations from texts only, beside the popularity ranking: a table, and JSON as the last line.
import { join } from "node:path";
import { type OpenRecommender, parseOptions, type SplitDataset } from "@dmrec/core";
import { fingerprint, itemPopularity, loadDataset } from "@dmrec/data";
import { evaluateRanking, summarise } from "@dmrec/eval";
import { automatic, createTrainer } from "@dmrec/trainer";
import Table from "cli-table3";
import { Command } from "commander";
import { createModel } from "dmrec";
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
  rates: list(number.pipe(z.number().min(0).lt(1))),
  epochs: positiveInteger,
  threads: positiveInteger,
  runs: z.string(),
});

const program = new Command("bench:text")
  .description("Train DMRec-M and rank the test part from users' profiles only, without any interaction.")
  .requiredOption("--data <folder>", "a dataset with profiles of users and items")
  .option(
    "--embeddings <source>",
    "of the profiles: default, by the default encoder, or use-lite; given: those of the folder",
    "default",
  )
  .option("--seeds <numbers>", "seeds, a run each", "2024,2025,2026")
  .option("--rates <numbers>", "values of coldStartRate to compare", "0,0.3")
  .option("--epochs <count>", "maximum number of epochs of a run", "1000")
  .option("--threads <count>", "threads of the compiled engine", "1")
  .option("--runs <folder>", "folder of the runs: the same command continues them", "runs/text");

/** The number of users scored at a time. */
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
    excludeSeen: "train",
    batchSize,
  });
  return metrics["recall@20"];
}

/**
 * Scores of users by the embedding of their profile, with no interaction, and with a popularity penalty as in
 * `recommendFromText`.
 */
function scoresFromText(
  model: OpenRecommender,
  { itemCount, profileEmbeddings }: SplitDataset,
  popularityPenalty: number,
): (users: Int32Array) => Promise<Float32Array> {
  const { values, columnCount } = profileEmbeddings?.users ?? { values: new Float32Array(), columnCount: 0 };
  const none = { items: new Int32Array(), rows: new Int32Array(), weights: new Float32Array() };
  const score = (profiles: Float32Array) => {
    const rowCount = profiles.length / columnCount;
    return model.score({
      ...none,
      itemCount,
      rowCount,
      profileEmbeddings: { rowCount, columnCount, values: profiles },
    });
  };
  return async (users) => {
    const profiles = new Float32Array(users.length * columnCount);
    for (const [row, user] of users.entries())
      profiles.set(values.subarray(user * columnCount, (user + 1) * columnCount), row * columnCount);
    const withoutProfile = await score(new Float32Array(columnCount));
    const withProfile = await score(profiles);
    return withProfile.map((value, index) => value - popularityPenalty * withoutProfile[index % itemCount]);
  };
}

async function main(abortSignal: AbortSignal): Promise<void> {
  const {
    data: folder,
    embeddings,
    seeds,
    rates,
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
  for (const rate of rates) {
    for (const seed of seeds) {
      const label = `coldStartRate ${rate}, seed ${seed}`;
      const trainer = await createTrainer({ seed, epochs, engine: automatic({ threads }) });
      const recommender = createModel("mddm", data, { seed, coldStartRate: rate });
      const directory = join(root, runName(`mddm-${rate}`, seed, { epochs }));
      await using model = await trainer.fit(recommender, data, { directory, abortSignal });
      const { stopped, bestEpoch } = model.training;
      if (stopped === "interrupted")
        throw new Interrupted(`Stopped at ${label}. The same command continues from there.`);
      const { metrics } = await model.evaluate(data);
      const recallAt = (penalty: number) => recallOf(data, scoresFromText(model, data, penalty));
      const [fromText, specific] = [await recallAt(0), await recallAt(0.5)];
      results.push({
        coldStartRate: rate,
        seed,
        fromText,
        specific,
        fromBoth: metrics["recall@20"],
        bestEpoch,
      });
      console.log(
        `${label}: recall@20 from texts only ${fromText.toFixed(4)} (popularityPenalty 0.5: ${specific.toFixed(4)}), with interactions ${metrics["recall@20"].toFixed(4)}, best epoch ${bestEpoch}`,
      );
    }
  }
  const table = new Table({
    head: ["ranking", "recall@20 from texts only", "popularityPenalty 0.5", "with interactions"],
    style: { head: [], border: [] },
  });
  table.push(["popularity", popularity.toFixed(4), "", ""]);
  for (const rate of rates) {
    const own = results.filter((result) => result.coldStartRate === rate);
    const cells = (["fromText", "specific", "fromBoth"] as const).map((key) => {
      const { mean, standardDeviation } = summarise(own.map((result) => result[key]));
      return `${mean.toFixed(4)} ± ${standardDeviation.toFixed(4)}`;
    });
    table.push([`DMRec-M, coldStartRate ${rate}`, ...cells]);
  }
  console.log(table.toString());
  console.log(JSON.stringify({ popularity, results }));
}

await runCommand(main);
