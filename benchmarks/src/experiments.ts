// The paper's experiments on a folder of data: trains what is missing and writes the report.
import { availableParallelism } from "node:os";
import { join, relative, resolve } from "node:path";
import { InvalidOptionsError, parseOptions } from "@dmrec/core";
import { describeDataset, fingerprint } from "@dmrec/data";
import { Command } from "commander";
import { settingsNames } from "dmrec";
import { z } from "zod";
import { embeddingSources } from "./accuracy-task";
import { readFolder, withEmbeddings } from "./benchmark-data";
import { experimentsZoo } from "./experiments/experiments-zoo";
import { experimentNames, experiments } from "./experiments/plan";
import { writeReport } from "./experiments/report";
import { assertRecordsOf, type RecordedData, recordedData } from "./experiments/run-record";
import { experimentTasks, readRecords } from "./experiments/tasks";
import { trainMissing } from "./experiments/train-missing";
import { runCommand } from "./interruption";
import { list, positiveInteger } from "./list";

/** The size of a run that shows whether everything works. */
const quick = { seeds: 2, epochs: 6 };

const flagsSchema = z.object({
  data: z.string().optional(),
  only: list(z.enum(experimentNames)).optional(),
  seeds: positiveInteger,
  epochs: positiveInteger,
  quick: z.boolean(),
  settings: z.enum(settingsNames),
  embeddings: z.enum(embeddingSources),
  jobs: positiveInteger,
  runs: z.string(),
  queue: z.string().optional(),
  report: z.string().optional(),
  reportOnly: z.boolean(),
});
type Flags = z.output<typeof flagsSchema>;

const program = new Command("experiments")
  .description("Run the experiments of the paper on a folder of data and write a report of them.")
  .option("--data <folder>", "the dataset, with profile embeddings")
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
  .option(
    "--report <folder>",
    "folder of the report and of the finished runs' records, such as that of an earlier report (default: in --runs)",
  )
  .option("--report-only", "train nothing: make the report again from the finished runs", false);

async function main(abortSignal: AbortSignal): Promise<void> {
  const flags = parseOptions("experiments", flagsSchema, program.parse().opts());
  const data = await dataOf(flags);
  const root = resolve(flags.runs, data.fingerprint.slice(0, 12));
  const folder = flags.report === undefined ? join(root, "report") : resolve(flags.report);
  const records = join(folder, "records");
  await assertRecordsOf(data, records);
  const chosen = chosenExperiments(flags);
  const tasks = experimentTasks(chosen, {
    folder: resolve(flags.data ?? "."),
    root,
    records,
    embeddings: flags.embeddings,
    seeds: flags.quick ? quick.seeds : flags.seeds,
    epochs: flags.quick ? quick.epochs : flags.epochs,
    threads: Math.max(1, Math.floor(availableParallelism() / flags.jobs)),
  });
  if (flags.reportOnly && (await recordedData(records)) && (await readRecords(tasks)).size === 0)
    throw new InvalidOptionsError("experiments", [{ path: "--report-only", message: otherRecords(records) }]);
  try {
    if (!flags.reportOnly)
      await trainMissing(tasks, {
        jobs: flags.jobs,
        queue: flags.queue,
        root,
        abortSignal,
        report: console.log,
      });
  } finally {
    const page = await writeReport({
      experiments: chosen,
      records: await readRecords(tasks),
      tasks,
      data,
      command: continuation(flags),
      folder,
    });
    console.log(`The report is ${relative(process.cwd(), page)}`);
  }
}

/** A report would lose what it says if its runs had other settings than those of this command. */
const otherRecords = (folder: string) =>
  `no record in ${folder} is of a run of this command; expected the flags that trained them, such as --only, --quick, --epochs, --settings or --embeddings`;

/** The command that trains what is missing. */
function continuation({ data }: Flags): string {
  const words = process.argv.slice(2).filter((word) => word !== "--report-only");
  return ["npm run experiments --", ...(data === undefined ? ["--data DIR"] : []), ...words].join(" ");
}

const chosenExperiments = ({ only, settings }: Flags) =>
  experiments(experimentsZoo, settings).filter(({ name }) => only?.includes(name) ?? true);

/** The data of the folder, on which every chosen model can be trained; without a folder, the data of the records. */
async function dataOf(flags: Flags): Promise<RecordedData> {
  if (flags.data === undefined) return dataOfRecords(flags);
  const data = await withEmbeddings(await readFolder(flags.data), flags.embeddings);
  console.log(`${data.name}: ${JSON.stringify(describeDataset(data))}`);
  if (!data.profileEmbeddings) {
    const message = `"${flags.data}" has no embeddings; expected some, or --embeddings default for a folder with texts`;
    throw new InvalidOptionsError("experiments", [{ path: "--data", message }]);
  }
  // Wrong options of the last variant are reported before the first one is trained.
  for (const { variants } of chosenExperiments(flags))
    for (const { variant } of variants) {
      const { name, training: _training, ...options } = variant.model;
      experimentsZoo.resolve(name, data, options);
    }
  return { name: data.name, fingerprint: fingerprint(data) };
}

async function dataOfRecords({ reportOnly, report }: Flags): Promise<RecordedData> {
  const data = reportOnly && report !== undefined && (await recordedData(join(resolve(report), "records")));
  if (data) return data;
  const message = reportOnly
    ? "is missing; expected a folder of data, or --report with the folder of an earlier report, which has records of its runs"
    : "is missing; expected a folder of data";
  throw new InvalidOptionsError("experiments", [{ path: "--data", message }]);
}

await runCommand(main);
