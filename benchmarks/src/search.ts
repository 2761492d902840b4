// Tunes a base model on the validation part only: option by option, the best value so far is kept.
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { parseOptions } from "@dmrec/core";
import { fingerprint, loadDataset } from "@dmrec/data";
import { type AdamOptions, removeCheckpoint } from "@dmrec/trainer";
import { Command } from "commander";
import { settingsNames, defaultZoo as zoo } from "dmrec";
import { z } from "zod";
import { type AccuracyResult, type AccuracyTask, type ModelSettings, taskIn } from "./accuracy-task";
import { runCommand } from "./interruption";
import { integer, positiveInteger } from "./list";
import { describeChanges, SearchLog, type TrialOutcome } from "./search-log";
import { type Changes, searchSpace, trainingChanges } from "./search-space";
import { runAll } from "./worker-pool";

const flagsSchema = z.object({
  data: z.string(),
  base: z.enum([...zoo.baseNames]),
  settings: z.enum(settingsNames),
  seed: integer,
  epochs: positiveInteger,
  jobs: positiveInteger,
  output: z.string(),
  runs: z.string(),
});

const program = new Command("bench:search")
  .description("Tune a base model on the validation part of a folder of data; the test part is never read.")
  .requiredOption("--data <folder>", "the dataset")
  .requiredOption("--base <name>", `one of ${zoo.baseNames.join(", ")}`)
  .option("--settings <dataset>", "dataset whose published settings the search starts from", "amazon-book")
  .option("--seed <number>", "the seed of every trial", "2024")
  .option("--epochs <count>", "maximum number of epochs of a trial", "1000")
  .option("--jobs <count>", "trials at a time, a process each", String(availableParallelism()))
  .option("--output <folder>", "folder of the logs of trials", "benchmarks/search")
  .option("--runs <folder>", "folder of the trials' checkpoints", "runs/search");

type Flags = z.output<typeof flagsSchema>;

async function main(abortSignal: AbortSignal): Promise<void> {
  const flags = parseOptions("bench:search", flagsSchema, program.parse().opts());
  const data = await loadDataset(flags.data);
  const shared = {
    data: fingerprint(data).slice(0, 12),
    settings: flags.settings,
    seed: flags.seed,
    epochLimit: flags.epochs,
  };
  const log = await SearchLog.open(flags.output, `${data.name}-${flags.base}`, shared);
  const root = join(flags.runs, shared.data);
  const tryAll = async (all: readonly Changes[]) => {
    const untried = all.filter((changes) => !log.find(changes));
    const tasks = untried.map((changes) => taskOf(changes, flags, root));
    const onResult = async (result: AccuracyResult, index: number) => {
      const { bestEpoch, epochs } = result;
      const metrics = { "recall@20": result["recall@20"], "ndcg@20": result["ndcg@20"] };
      await log.add({ changes: untried[index], ...metrics, bestEpoch, epochs });
      await removeCheckpoint(tasks[index].directory);
    };
    await runAll(tasks, { jobs: flags.jobs, abortSignal, report: console.log, onResult });
    return all.flatMap((changes) => log.find(changes) ?? []);
  };

  let [best] = await tryAll([{}]);
  for (const [option, values] of Object.entries(searchSpace[flags.base] ?? {})) {
    const before: TrialOutcome = best;
    const others = values.filter((value) => value !== publishedValue(option, flags));
    const trials = await tryAll(others.map((value) => ({ ...before.changes, [option]: value })));
    best = [before, ...trials].reduce((a, b) => (b["recall@20"] > a["recall@20"] ? b : a));
    console.log(
      `after ${option}: ${describeChanges(best.changes)}, recall@20 ${best["recall@20"].toFixed(4)} on validation`,
    );
  }
  console.log(JSON.stringify({ best }));
}

function taskOf(
  changes: Changes,
  { data, base, settings, seed, epochs, jobs }: Flags,
  root: string,
): AccuracyTask {
  return taskIn(root, {
    folder: resolve(data),
    label: `${base}, changed: ${describeChanges(changes)}`,
    model: resolveChanges(base, settings, changes),
    seed,
    epochs,
    embeddings: "given",
    part: "validation",
    threads: Math.max(1, Math.floor(availableParallelism() / jobs)),
  });
}

/** The published value of an option, which the search starts from. */
function publishedValue(option: string, { base, settings }: Flags): unknown {
  const { options, training, klWeight } = zoo.publishedSettings(base, "base", settings);
  const { adam, batchSize } = training;
  const values: Readonly<Record<string, unknown>> = {
    inputScaling: "none",
    annealingSteps: 0,
    ...options,
    klWeight,
    learningRate: adam?.learningRate,
    denoiserLearningRate: adam?.parameterGroups?.denoiser?.learningRate,
    batchSize,
  };
  return values[option];
}

/** The changes as options of the model, which checks them, and of its training. */
function resolveChanges(base: Flags["base"], settings: Flags["settings"], changes: Changes): ModelSettings {
  const concernsTraining = (name: string) => trainingChanges.some((other) => other === name);
  const ownOptions = Object.fromEntries(Object.entries(changes).filter(([name]) => !concernsTraining(name)));
  const published = zoo.publishedSettings(base, "base", settings).training;
  const { learningRate, denoiserLearningRate, batchSize } = z
    .object(Object.fromEntries(trainingChanges.map((name) => [name, z.number().optional()])))
    .parse(changes);
  const adam: AdamOptions = {
    ...published.adam,
    ...(learningRate === undefined ? {} : { learningRate }),
    ...(denoiserLearningRate === undefined
      ? {}
      : { parameterGroups: { denoiser: { learningRate: denoiserLearningRate } } }),
  };
  const size = batchSize ?? published.batchSize;
  const training = { adam, ...(size === undefined ? {} : { batchSize: size }) };
  return { name: "base", base, settings, ownOptions, training };
}

await runCommand(main);
