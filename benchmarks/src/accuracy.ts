// Accuracy of models over seeds on a folder of data: a table, and JSON as the last line.
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { Command } from "commander";
import {
  assertVariant,
  baseNames,
  defaultVariants,
  describeDataset,
  fingerprint,
  loadDataset,
  parseOptions,
  settingsNames,
  variantNames,
} from "dmrec";
import { z } from "zod";
import { accuracyTable } from "./accuracy-table";
import { embeddingSources, taskIn } from "./accuracy-task";
import { withEmbeddings } from "./benchmark-data";
import { runCommand } from "./interruption";
import { integer, list, number, numbersOf, positiveInteger } from "./list";
import { runAll } from "./worker-pool";

const model = z.enum(variantNames);

const flagsSchema = z.object({
  data: z.string(),
  base: z.enum(baseNames),
  settings: z.enum(settingsNames),
  embeddings: z.enum(embeddingSources),
  models: list(model).optional(),
  seeds: list(integer),
  beta: numbersOf(model, number.pipe(z.number().nonnegative())).optional(),
  epochs: positiveInteger,
  jobs: positiveInteger,
  runs: z.string(),
});

const program = new Command("bench:accuracy")
  .description("Train models over seeds on a folder of data and report their accuracy on its test part.")
  .requiredOption("--data <folder>", "the dataset")
  .option("--base <name>", `one of ${baseNames.join(", ")}`, "mult-vae")
  .option("--settings <dataset>", `whose published settings: ${settingsNames.join(", ")}`, "default")
  .option(
    "--embeddings <source>",
    "given: those of the folder; default: of its profiles, by the default encoder",
    "given",
  )
  .option(
    "--models <names>",
    `some of ${variantNames.join(", ")} (default: base,godm,cpdm,mddm; without embeddings base)`,
  )
  .option("--seeds <numbers>", "seeds, a run each", "2024,2025,2026")
  .option("--beta <list>", "weights other than the published ones, e.g. base=0.5,mddm=0.4")
  .option("--epochs <count>", "the most epochs of a run", "1000")
  .option("--jobs <count>", "runs at a time, a process each", String(availableParallelism()))
  .option(
    "--runs <folder>",
    "where runs are kept: the same command goes on from them and repeats no finished one",
    "runs/accuracy",
  );

async function main(signal: AbortSignal): Promise<void> {
  const {
    data: folder,
    base,
    settings,
    embeddings,
    models: asked,
    seeds,
    beta,
    epochs,
    jobs,
    runs,
  } = parseOptions("bench:accuracy", flagsSchema, program.parse().opts());
  const data = await withEmbeddings(await loadDataset(folder), embeddings);
  console.log(`${data.name}: ${JSON.stringify(describeDataset(data))}`);
  const models = asked ?? defaultVariants(data);
  // What the last model would be refused for is told before the first one is trained.
  for (const name of models) {
    const weight = beta?.[name];
    assertVariant(name, data, { base, settings, ...(weight === undefined ? {} : { beta: weight }) });
  }
  const threads = Math.max(1, Math.floor(availableParallelism() / jobs));
  const root = join(runs, fingerprint(data).slice(0, 12));
  const tasks = seeds.flatMap((seed) =>
    models.map((name) =>
      taskIn(root, {
        folder: resolve(folder),
        label: `${base} ${name} seed ${seed}`,
        base: { base, settings },
        embeddings,
        model: name,
        seed,
        epochs,
        beta: beta?.[name],
        part: "test",
        threads,
      }),
    ),
  );
  const results = await runAll(tasks, { jobs, signal, report: console.log });
  console.log(accuracyTable(results));
  console.log(JSON.stringify({ results, jobs }));
}

await runCommand(main);
