import { rm } from "node:fs/promises";
import { join } from "node:path";
import { InvalidOptionsError, type Recommender, type SplitDataset } from "@dmrec/core";
import { describeDataset, fingerprint, loadDataset, syntheticCatalogue } from "@dmrec/data";
import { backendNames, createTrainer, type ModelTrainer, type TrainingOptions } from "@dmrec/trainer";
import { Command, Option } from "commander";
import { createVariant, type VariantName, type VariantOptions, variantNames } from "../model-variants";
import { recommend } from "../recommend";
import { Interrupted, interruptionSignal } from "./interruption";
import { betasOf, integer, number, variantsOf } from "./option-parsers";
import { progressReporter } from "./progress-reporter";
import { type ComparisonRow, resultsTable } from "./results-table";

interface CompareFlags {
  readonly data?: string;
  readonly models?: VariantName[];
  readonly beta: Partial<Record<VariantName, number>>;
  readonly runs: string;
  readonly user?: string;
  readonly backend: NonNullable<TrainingOptions["backend"]>;
  readonly seed: number;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly patience?: number;
  readonly learningRate?: number;
  readonly hidden?: number;
  readonly latent?: number;
  readonly dropout: number;
}

/** For a folder of the user's: what the paper used. For the small default catalogue: what trains in seconds. */
const paperSettings = {
  hidden: 600,
  latent: 200,
  batchSize: 1024,
  epochs: 1000,
  patience: 20,
  learningRate: 1e-3,
};
const catalogueSettings = {
  hidden: 128,
  latent: 48,
  batchSize: 256,
  epochs: 200,
  patience: 8,
  learningRate: 3e-3,
};

/** `dmrec compare`: trains models on one dataset and shows how they rank its test part. */
export function compareCommand(): Command {
  return new Command("compare")
    .description("Train models on a dataset, compare them on its test part, and recommend to one user.")
    .option(
      "--data <folder>",
      "interactions, and embeddings, names and profiles where there are any (default: a generated catalogue)",
    )
    .option(
      "--models <names>",
      `comma-separated: ${variantNames.join(", ")} (default: base,godm,cpdm,mddm)`,
      variantsOf,
    )
    .option("--beta <list>", "weights by model, e.g. base=0.2,mddm=0.5", betasOf, {})
    .option("--dropout <share>", "share of interactions left out of the input", number, 0.3)
    .option("--hidden <width>", "width of the hidden layers", integer)
    .option("--latent <width>", "dimensions of the latent space", integer)
    .option("--epochs <count>", "the most epochs", integer)
    .option("--patience <count>", "evaluations without a better one before a run stops", integer)
    .option("--learning-rate <rate>", "step size of Adam", number)
    .option("--batch-size <users>", "users a step", integer)
    .option("--seed <number>", "seed of the run", integer, 2024)
    .option("--user <id>", "the user to recommend to (default: the first with test items)")
    .option(
      "--runs <folder>",
      "where checkpoints and manifests go; the same command goes on from them",
      "runs",
    )
    .addOption(new Option("--backend <name>", "tensor backend").choices(backendNames).default("auto"))
    .action(async (flags: CompareFlags) => compare(flags));
}

async function compare(flags: CompareFlags): Promise<void> {
  const data = flags.data === undefined ? syntheticCatalogue() : await loadDataset(flags.data);
  const settings = { ...(flags.data === undefined ? catalogueSettings : paperSettings), ...given(flags) };
  console.log(`Data: ${data.name}\n${describe(data)}`);
  const userIndex = userIndexOf(data, flags.user);
  const models = flags.models ?? (data.language ? ["base", "godm", "cpdm", "mddm"] : ["base"]);
  if (!data.language && !flags.models) {
    console.log(
      "No embeddings: the base model alone is trained (add item_embeddings.npy and user_embeddings.npy for the others).",
    );
  }

  const { epochs, patience, batchSize, learningRate } = settings;
  const trainer = await createTrainer({
    seed: flags.seed,
    epochs,
    patience,
    batchSize,
    adam: { learningRate },
    backend: flags.backend,
  });
  console.log(`Engine: ${trainer.engine.name} on ${trainer.engine.backend} (${trainer.engine.reason})\n`);

  const runs = join(flags.runs, `compare-${fingerprint(data).slice(0, 12)}`);
  const rows: ComparisonRow[] = [];
  let shown: { readonly row: ComparisonRow; readonly recommender: Recommender } | undefined;
  for (const name of models) {
    const options = variantOptions(flags, settings, name);
    const recommender = createVariant(name, data, options);
    const row = await trainOne(trainer, name, recommender, data, join(runs, name));
    rows.push(row);
    const better = !shown || row.metrics["recall@20"] > shown.row.metrics["recall@20"];
    (better ? shown?.recommender : recommender)?.dispose();
    if (better) shown = { row, recommender };
  }

  console.log(`\nTest part, ${rows.length > 1 ? `gains relative to ${rows[0].model}` : "one model"}:`);
  console.log(resultsTable(rows, ["recall@20", "ndcg@20"]));
  if (shown) console.log(await recommendations(trainer, shown.recommender, shown.row.model, data, userIndex));
  shown?.recommender.dispose();
  // The comparison is complete: what was kept to go on from has done its service.
  await rm(runs, { recursive: true, force: true });
}

async function trainOne(
  trainer: ModelTrainer,
  name: VariantName,
  recommender: Recommender,
  data: SplitDataset,
  directory: string,
): Promise<ComparisonRow> {
  const { signal, release } = interruptionSignal((message) => console.error(`\n${message}`));
  const progress = progressReporter(name, "recall@20");
  try {
    const result = await trainer.fit(recommender, data, { directory, signal, callbacks: [progress] });
    progress.end();
    if (result.stopped === "interrupted") {
      throw new Interrupted(
        `Stopped in epoch ${result.epochs + 1} of ${name}. The same command goes on from there (${directory}).`,
      );
    }
    const { metrics } = await trainer.evaluate(recommender, data);
    console.log(
      `${name}: recall@20 ${metrics["recall@20"].toFixed(4)} on test, best epoch ${result.bestEpoch} of ${result.epochs}`,
    );
    const { epochs, bestEpoch, secondsPerEpoch } = result;
    return { model: name, metrics, epochs, bestEpoch, secondsPerEpoch };
  } finally {
    release();
  }
}

async function recommendations(
  trainer: ModelTrainer,
  recommender: Recommender,
  model: string,
  data: SplitDataset,
  user: number,
): Promise<string> {
  const nameOf = (item: number) => data.itemNames?.[item] ?? data.itemIds[item];
  const itemsOf = ({ offsets, items }: SplitDataset["train"]) => [
    ...items.subarray(offsets[user], offsets[user + 1]),
  ];
  const held = new Set([...itemsOf(data.validation), ...itemsOf(data.test)]);
  const known = itemsOf(data.train).slice(0, 8).map(nameOf).join("; ");
  const list = await recommend({ trainer, recommender, data, audience: { user }, count: 10 });
  const lines = list.map(
    ({ item, name }, rank) =>
      `${String(rank + 1).padStart(3)}. ${name}${held.has(item) ? "  (held out: the user did choose it)" : ""}`,
  );
  return `\nUser ${data.userIds[user]} knows: ${known}\n${model} recommends:\n${lines.join("\n")}`;
}

function describe(data: SplitDataset): string {
  const { users, items, train, validation, test } = describeDataset(data);
  const width = data.language ? `; embeddings ${data.language.items.columnCount} wide` : "";
  const counts = [users, items, train, validation, test].map((count) => count.toLocaleString("en"));
  return `${counts[0]} users, ${counts[1]} items; ${counts[2]} training, ${counts[3]} validation, ${counts[4]} test interactions${width}`;
}

function variantOptions(
  flags: CompareFlags,
  settings: typeof paperSettings,
  name: VariantName,
): VariantOptions {
  const beta = flags.beta[name];
  return {
    seed: flags.seed,
    dropout: flags.dropout,
    hiddenDimension: settings.hidden,
    latentDimension: settings.latent,
    ...(beta === undefined ? {} : { beta }),
  };
}

function given({
  hidden,
  latent,
  batchSize,
  epochs,
  patience,
  learningRate,
}: CompareFlags): Partial<typeof paperSettings> {
  return Object.fromEntries(
    Object.entries({ hidden, latent, batchSize, epochs, patience, learningRate }).filter(
      ([, value]) => value !== undefined,
    ),
  );
}

function userIndexOf(data: SplitDataset, id: string | undefined): number {
  const { offsets } = data.test;
  const user =
    id === undefined
      ? offsets.findIndex((offset, index) => offsets[index + 1] > offset)
      : data.userIds.indexOf(id);
  if (user >= 0) return user;
  throw new InvalidOptionsError("compare", [
    { path: "user", message: `no user "${id ?? "with test items"}" in ${data.name}` },
  ]);
}
