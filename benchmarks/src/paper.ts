// The rows of the paper's Table 2 on its own Amazon-Book split: Markdown beside its figures, and JSON as the last line.
import { mkdir, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join, relative, resolve } from "node:path";
import { Command } from "commander";
import {
  baseNames,
  defaultVariants,
  describeDataset,
  fingerprint,
  InvalidOptionsError,
  loadDataset,
  parseOptions,
  variantNames,
} from "dmrec";
import { z } from "zod";
import { taskIn } from "./accuracy-task";
import { runCommand } from "./interruption";
import { integer, list, positiveInteger } from "./list";
import { isPaperData, paperRows } from "./paper-rows";
import { paperTable } from "./paper-table";
import { shortHash } from "./run-name";
import { runAll } from "./worker-pool";

const flagsSchema = z.object({
  data: z.string(),
  bases: list(z.enum(baseNames)),
  strategies: list(z.enum(variantNames)).optional(),
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
  .option("--bases <names>", "base models", baseNames.join(","))
  .option(
    "--strategies <names>",
    `some of ${variantNames.join(", ")} (default: base; with embeddings all of Table 2)`,
  )
  .option("--seeds <numbers>", "seeds, a run each", "2024,2025,2026")
  .option("--epochs <count>", "the most epochs of a run", "1000")
  .option("--jobs <count>", "runs at a time, a process each", String(availableParallelism()))
  .option("--runs <folder>", "where runs are kept: killed, the same command goes on from them", "runs/paper");

async function main(signal: AbortSignal): Promise<void> {
  const flags = parseOptions("bench:paper", flagsSchema, program.parse().opts());
  const { bases, seeds, epochs, jobs } = flags;
  const data = await loadDataset(flags.data);
  const counts = describeDataset(data);
  console.log(`${data.name}: ${JSON.stringify(counts)}`);
  const isPapers = isPaperData(counts);
  if (!isPapers)
    console.log(
      `${data.name} is not the paper's Amazon-Book, by its counts: the paper's figures are left out.`,
    );
  const strategies = flags.strategies ?? defaultVariants(data);
  if (!data.language && strategies.some((name) => name !== "base")) {
    const message = `need embeddings, which ${flags.data} does not hold; expected base alone`;
    throw new InvalidOptionsError("bench:paper", [{ path: "strategies", message }]);
  }
  const root = join(flags.runs, fingerprint(data).slice(0, 12));
  const threads = Math.max(1, Math.floor(availableParallelism() / jobs));
  const rows = paperRows.filter(({ settings }) => bases.includes(settings.base));
  const tasks = seeds.flatMap((seed) =>
    rows.flatMap(({ settings }) =>
      strategies.map((model) =>
        taskIn(root, {
          folder: resolve(flags.data),
          label: `${settings.base} ${model} seed ${seed}`,
          base: settings,
          model,
          seed,
          epochs,
          beta: undefined,
          embeddings: "given",
          part: "test",
          threads,
        }),
      ),
    ),
  );
  const results = await runAll(tasks, { jobs, signal, report: console.log });
  const table = paperTable(results, { name: data.name, isPaperData: isPapers, seeds, epochs });
  // Named by its runs: a narrower command does not overwrite the table of a wider one.
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
