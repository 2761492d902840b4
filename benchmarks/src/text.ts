// Accuracy of recommendations from texts only, beside the popularity ranking: a table, and JSON as the last line.
import { join } from "node:path";
import {
  itemPopularity,
  type OpenRecommender,
  parseOptions,
  type SplitDataset,
  UnsupportedError,
} from "@dmrec/core";
import { fingerprint } from "@dmrec/data";
import { loadUseLiteEncoder } from "@dmrec/encoders";
import { evaluateRanking, summarise } from "@dmrec/eval";
import { automatic, createTrainer } from "@dmrec/trainer";
import Table from "cli-table3";
import { Command } from "commander";
import { createModel } from "dmrec";
import { z } from "zod";
import { type EmbeddingSource, embeddingSources } from "./accuracy-task";
import { readFolder, withEmbeddings } from "./benchmark-data";
import { Interrupted, runCommand } from "./interruption";
import { integer, list, number, positiveInteger } from "./list";
import { runName } from "./run-name";

const flagsSchema = z.object({
  data: z.string(),
  embeddings: list(z.enum(embeddingSources)).optional(),
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
    "--embeddings <sources>",
    "of the profiles: default (TF-IDF), use-lite, given (those of the folder), (default: default,use-lite, the latter if it is installed)",
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

/** The embeddings of the default encoder, and of `use-lite` if its package is installed. */
async function usualEmbeddings(): Promise<readonly EmbeddingSource[]> {
  try {
    await using _ = await loadUseLiteEncoder();
    return ["default", "use-lite"];
  } catch (error) {
    if (!UnsupportedError.isInstance(error)) throw error;
    console.log(`use-lite is left out: ${error.message}`);
    return ["default"];
  }
}

/** Recall@20 of a trained model. */
interface TextResult {
  readonly embeddings: EmbeddingSource;
  readonly coldStartRate: number;
  readonly seed: number;
  /** From texts only. */
  readonly fromText: number;
  /** The same with the popularity penalty 0.5. */
  readonly specific: number;
  /** With interactions. */
  readonly fromBoth: number;
  readonly bestEpoch: number;
}

async function main(abortSignal: AbortSignal): Promise<void> {
  const flags = parseOptions("bench:text", flagsSchema, program.parse().opts());
  const { seeds, rates, epochs, threads } = flags;
  const folder = await readFolder(flags.data);
  const counts = Float32Array.from(itemPopularity(folder.train));
  const popularity = await recallOf(folder, async (users) => {
    const scores = new Float32Array(users.length * folder.itemCount);
    for (const row of users.keys()) scores.set(counts, row * folder.itemCount);
    return scores;
  });
  console.log(`popularity: recall@20 ${popularity.toFixed(4)}`);
  const sources = flags.embeddings ?? (await usualEmbeddings());
  const results: TextResult[] = [];
  for (const embeddings of sources) {
    const data = await withEmbeddings(folder, embeddings);
    const root = join(flags.runs, fingerprint(data).slice(0, 12));
    for (const rate of rates) {
      for (const seed of seeds) {
        const label = `${embeddings}, coldStartRate ${rate}, seed ${seed}`;
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
        const fromBoth = metrics["recall@20"];
        results.push({ embeddings, coldStartRate: rate, seed, fromText, specific, fromBoth, bestEpoch });
        console.log(
          `${label}: recall@20 from texts only ${fromText.toFixed(4)} (popularityPenalty 0.5: ${specific.toFixed(4)}), with interactions ${fromBoth.toFixed(4)}, best epoch ${bestEpoch}`,
        );
      }
    }
  }
  console.log(resultTable(popularity, results));
  console.log(JSON.stringify({ popularity, results }));
}

/** A row for each encoder and rate, the mean over seeds and the standard deviation. */
function resultTable(popularity: number, results: readonly TextResult[]): string {
  const table = new Table({
    head: [
      "ranking",
      "embeddings",
      "recall@20 from texts only",
      "popularityPenalty 0.5",
      "with interactions",
    ],
    style: { head: [], border: [] },
  });
  table.push(["popularity", "", popularity.toFixed(4), "", ""]);
  const keyOf = ({ embeddings, coldStartRate }: TextResult) => `${embeddings} ${coldStartRate}`;
  for (const key of new Set(results.map(keyOf))) {
    const own = results.filter((result) => keyOf(result) === key);
    const cells = (["fromText", "specific", "fromBoth"] as const).map((key) => {
      const { mean, standardDeviation } = summarise(own.map((result) => result[key]));
      return `${mean.toFixed(4)} ± ${standardDeviation.toFixed(4)}`;
    });
    const [{ embeddings, coldStartRate }] = own;
    table.push([`DMRec-M, coldStartRate ${coldStartRate}`, embeddings, ...cells]);
  }
  return table.toString();
}

await runCommand(main);
