// The rows of the paper's Table 2 on its own Amazon-Book split: Markdown beside its figures, and JSON as the last line.
import { mkdir, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { Command } from "commander";
import {
  baseNames,
  describeDataset,
  fingerprint,
  InvalidOptionsError,
  loadDataset,
  parseOptions,
  variantNames,
} from "dmrec";
import { z } from "zod";
import { integer, list, positiveInteger } from "./list";
import { paperRows } from "./paper-rows";
import { paperTable } from "./paper-table";
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

async function main(): Promise<void> {
  const flags = parseOptions("bench:paper", flagsSchema, program.parse().opts());
  const { bases, seeds, epochs, jobs } = flags;
  const data = await loadDataset(flags.data);
  console.log(`${data.name}: ${JSON.stringify(describeDataset(data))}`);
  const strategies =
    flags.strategies ?? (data.language ? (["base", "godm", "cpdm", "mddm"] as const) : (["base"] as const));
  if (!data.language && strategies.some((name) => name !== "base")) {
    const message = `need embeddings, which ${flags.data} does not hold; expected base alone`;
    throw new InvalidOptionsError("bench:paper", [{ path: "strategies", message }]);
  }
  const root = join(flags.runs, fingerprint(data).slice(0, 12));
  const threads = Math.max(1, Math.floor(availableParallelism() / jobs));
  const rows = paperRows.filter(({ settings }) => bases.includes(settings.base));
  const tasks = seeds.flatMap((seed) =>
    rows.flatMap(({ settings }) =>
      strategies.map((model) => ({
        folder: resolve(flags.data),
        label: `${settings.base} ${model} seed ${seed}`,
        base: settings,
        model,
        seed,
        epochs,
        beta: undefined,
        embeddings: "given" as const,
        part: "test" as const,
        threads,
        directory: join(root, settings.base, `${model}-${seed}`),
      })),
    ),
  );
  const results = await runAll(tasks, jobs, console.log);
  const table = paperTable(results);
  await mkdir(root, { recursive: true });
  await writeFile(join(root, "table.md"), `${table}\n`);
  console.log(`\n${table}\n\nThe table is in ${join(root, "table.md")}`);
  console.log(
    JSON.stringify({ results: results.map(({ model, ...rest }) => ({ ...rest, strategy: model })) }),
  );
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? `Error: ${error.message}` : error);
  process.exitCode = 1;
});
