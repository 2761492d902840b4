// The rows of the paper's Table 2 on its own Amazon-Book split: Markdown beside its figures, and JSON as the last line.
import { mkdir, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join, relative, resolve } from "node:path";
import { InvalidOptionsError, parseOptions } from "@dmrec/core";
import { describeDataset, fingerprint } from "@dmrec/data";
import { Command } from "commander";
import { defaultZoo, type ModelZoo } from "dmrec";
import { z } from "zod";
import { taskIn } from "./accuracy-task";
import { readFolder } from "./benchmark-data";
import { runCommand } from "./interruption";
import { integer, list, positiveInteger } from "./list";
import { isPaperData, paperRows } from "./paper-rows";
import { paperTable } from "./paper-table";
import { shortHash } from "./run-name";
import { runAll } from "./worker-pool";

const zoo: ModelZoo = defaultZoo;
const strategyNames = ["base", ...zoo.rows.strategies.map(({ name }) => name)];

const flagsSchema = z.object({
  data: z.string(),
  bases: list(z.enum([...zoo.baseNames])),
  strategies: list(z.enum(strategyNames)).optional(),
  baselines: list(z.enum([...zoo.baselineNames])).optional(),
  seeds: list(integer),
  epochs: positiveInteger,
  jobs: positiveInteger,
  runs: z.string(),
});

const program = new Command("bench:paper")
  .description(
    "Train the paper's base models, and with embeddings their matched ones, on a folder of its Amazon-Book split.",
  )
  .requiredOption("--data <folder>", "the dataset")
  .option("--bases <names>", "base models", zoo.baseNames.join(","))
  .option(
    "--strategies <names>",
    `some of ${strategyNames.join(", ")} (default: base; with embeddings all of Table 2)`,
  )
  .option("--baselines <names>", `also some of ${zoo.baselineNames.join(", ")} (default: none)`)
  .option("--seeds <numbers>", "seeds, a run each", "2024,2025,2026")
  .option("--epochs <count>", "maximum number of epochs of a run", "1000")
  .option("--jobs <count>", "runs at a time, a process each", String(availableParallelism()))
  .option("--runs <folder>", "folder of the runs: the same command continues them", "runs/paper");

async function main(abortSignal: AbortSignal): Promise<void> {
  const flags = parseOptions("bench:paper", flagsSchema, program.parse().opts());
  const { bases, baselines = [], seeds, epochs, jobs } = flags;
  const data = await readFolder(flags.data);
  const counts = describeDataset(data);
  console.log(`${data.name}: ${JSON.stringify(counts)}`);
  const isPapers = isPaperData(counts);
  if (!isPapers)
    console.log(
      `${data.name} is not the paper's Amazon-Book, by its counts: the paper's figures are left out.`,
    );
  const strategies: readonly string[] = flags.strategies ?? zoo.defaultModels(data);
  if (!data.profileEmbeddings && strategies.some((name) => name !== "base")) {
    const message = `need embeddings, which ${flags.data} does not have; expected base only`;
    throw new InvalidOptionsError("bench:paper", [{ path: "--strategies", message }]);
  }
  const root = join(flags.runs, fingerprint(data).slice(0, 12));
  const threads = Math.max(1, Math.floor(availableParallelism() / jobs));
  const rows = paperRows(zoo).filter(({ model: { name, base } }) =>
    base === undefined ? baselines.includes(name) : bases.includes(base) && strategies.includes(name),
  );
  const tasks = seeds.flatMap((seed) =>
    rows.map(({ model }) =>
      taskIn(root, {
        folder: resolve(flags.data),
        label: `${model.base === undefined ? "" : `${model.base} `}${model.name} seed ${seed}`,
        model,
        seed,
        epochs,
        embeddings: "given",
        part: "test",
        threads,
      }),
    ),
  );
  const results = await runAll(tasks, { jobs, abortSignal, report: console.log });
  const table = paperTable(results, { rows, name: data.name, isPaperData: isPapers, seeds, epochs });
  // Named by its runs, so a narrower command does not overwrite the table of a wider one.
  const file = join(
    root,
    `table-${shortHash(tasks.map(({ directory }) => relative(root, directory)).sort())}.md`,
  );
  await mkdir(root, { recursive: true });
  await writeFile(file, `${table}\n`);
  console.log(`\n${table}\n\nThe table is in ${file}`);
  console.log(
    JSON.stringify({ results: results.map(({ model, ...rest }) => ({ ...rest, strategy: model })) }),
  );
}

await runCommand(main);
