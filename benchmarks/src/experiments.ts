// The paper's experiments on a folder of data: trains what is missing and writes the report.
import { availableParallelism } from "node:os";
import { join, relative, resolve } from "node:path";
import { InvalidOptionsError, parseOptions } from "@dmrec/core";
import { describeDataset, fingerprint, loadDataset } from "@dmrec/data";
import { Command } from "commander";
import { settingsNames } from "dmrec";
import { z } from "zod";
import { embeddingSources } from "./accuracy-task";
import { withEmbeddings } from "./benchmark-data";
import { experimentsZoo } from "./experiments/experiments-zoo";
import { experimentNames, experiments } from "./experiments/plan";
import { writeReport } from "./experiments/report";
import { experimentTasks, readRecords, remainingSeconds } from "./experiments/tasks";
import { mostSeconds } from "./experiments/time-trials";
import { trainingPlace } from "./experiments/training-place";
import { runCommand } from "./interruption";
import { list, positiveInteger } from "./list";
import { runAll } from "./worker-pool";

/** The size of a run that shows whether everything works. */
const quick = { seeds: 2, epochs: 6 };

const flagsSchema = z.object({
  data: z.string(),
  only: list(z.enum(experimentNames)).optional(),
  seeds: positiveInteger,
  epochs: positiveInteger,
  quick: z.boolean(),
  settings: z.enum(settingsNames),
  embeddings: z.enum(embeddingSources),
  jobs: positiveInteger,
  runs: z.string(),
  queue: z.string().optional(),
  reportOnly: z.boolean(),
});

const program = new Command("experiments")
  .description("Run the experiments of the paper on a folder of data and write a report of them.")
  .requiredOption("--data <folder>", "the dataset, with profile embeddings")
  .option("--only <names>", `some of ${experimentNames.join(", ")} (default: all)`)
  .option("--seeds <count>", "the most seeds of a variant", "10")
  .option("--epochs <count>", "maximum number of epochs of a run", "1000")
  .option("--quick", `${quick.seeds} seeds and ${quick.epochs} epochs, to see that everything works`, false)
  .option(
    "--settings <dataset>",
    `dataset whose published settings apply: ${settingsNames.join(", ")}`,
    "default",
  )
  .option(
    "--embeddings <source>",
    "given: those of the folder; default: of its profiles, by the default encoder",
    "given",
  )
  .option("--jobs <count>", "runs at a time, a process each", String(availableParallelism()))
  .option(
    "--queue <url>",
    "a Redis whose workers train instead, such as redis://localhost:6379; npm run experiments:worker starts one",
  )
  .option("--runs <folder>", "folder of the runs: the same command continues them", "runs/experiments")
  .option("--report-only", "train nothing: make the report again from the finished runs", false);

async function main(abortSignal: AbortSignal): Promise<void> {
  const flags = parseOptions("experiments", flagsSchema, program.parse().opts());
  const { jobs, embeddings } = flags;
  const data = await withEmbeddings(await loadDataset(flags.data), embeddings);
  console.log(`${data.name}: ${JSON.stringify(describeDataset(data))}`);
  if (!data.profileEmbeddings) {
    const message = `"${flags.data}" has no embeddings; expected some, or --embeddings default for a folder with texts`;
    throw new InvalidOptionsError("experiments", [{ path: "--data", message }]);
  }
  const chosen = experiments(experimentsZoo, flags.settings).filter(
    ({ name }) => flags.only?.includes(name) ?? true,
  );
  const root = resolve(flags.runs, fingerprint(data).slice(0, 12));
  const tasks = experimentTasks(chosen, {
    folder: resolve(flags.data),
    root,
    embeddings,
    seeds: flags.quick ? quick.seeds : flags.seeds,
    epochs: flags.quick ? quick.epochs : flags.epochs,
    threads: Math.max(1, Math.floor(availableParallelism() / jobs)),
  });
  // Wrong options of the last variant are reported before the first one is trained.
  for (const { variant } of tasks) {
    const { name, training: _training, ...options } = variant.model;
    experimentsZoo.resolve(name, data, options);
  }
  const report = async () =>
    writeReport({
      experiments: chosen,
      records: await readRecords(tasks),
      tasks,
      data: { name: data.name, fingerprint: fingerprint(data) },
      command: `npm run experiments -- ${process.argv
        .slice(2)
        .filter((word) => word !== "--report-only")
        .join(" ")}`,
      folder: join(root, "report"),
    });
  try {
    if (!flags.reportOnly) await trainMissing();
  } finally {
    console.log(`The report is ${relative(process.cwd(), await report())}`);
  }

  async function trainMissing(): Promise<void> {
    const records = await readRecords(tasks);
    const unfinished = tasks.filter(
      ({ variant, seed }) => !records.get(variant.id)?.some((record) => record.seed === seed),
    );
    console.log(`${tasks.length - unfinished.length} of ${tasks.length} runs are finished.`);
    if (unfinished.length === 0) return;
    const place = await trainingPlace(flags.queue);
    const options = {
      jobs: flags.queue === undefined ? jobs : tasks.length,
      abortSignal,
      report: console.log,
      place,
    };
    try {
      const seconds =
        remainingSeconds(unfinished, records, jobs) ?? (await mostSeconds(unfinished, root, jobs, options));
      if (seconds !== undefined) console.log(`About ${hours(seconds)} to go, less if runs stop early.`);
      let finished = 0;
      await runAll(unfinished, {
        ...options,
        async onResult() {
          finished += 1;
          const left = remainingSeconds(unfinished.slice(finished), await readRecords(tasks), jobs);
          if (left !== undefined)
            console.log(`${unfinished.length - finished} runs left, about ${hours(left)}`);
        },
      });
    } finally {
      await place.close();
    }
  }
}

const hours = (seconds: number) =>
  seconds < 3600 ? `${Math.ceil(seconds / 60)} minutes` : `${(seconds / 3600).toFixed(1)} hours`;

await runCommand(main);
