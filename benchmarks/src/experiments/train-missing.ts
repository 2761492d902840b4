import { runAll } from "../worker-pool";
import { type ExperimentTask, readRecords, remainingSeconds } from "./tasks";
import { mostSeconds } from "./time-trials";
import { trainingPlace } from "./training-place";

export interface TrainingOptions {
  /** The folder of the runs of this data. */
  readonly root: string;
  /** Runs at a time. */
  readonly jobs: number;
  /** A Redis whose workers train. @default processes of this machine */
  readonly queue?: string | undefined;
  readonly abortSignal: AbortSignal;
  readonly report: (line: string) => void;
}

/** Trains the runs that have no record, and reports about how long that will take. */
export async function trainMissing(
  tasks: readonly ExperimentTask[],
  { root, jobs, queue, abortSignal, report }: TrainingOptions,
): Promise<void> {
  const records = await readRecords(tasks);
  const unfinished = tasks.filter(
    ({ variant, seed }) => !records.get(variant.id)?.some((record) => record.seed === seed),
  );
  report(`${tasks.length - unfinished.length} of ${tasks.length} runs are finished.`);
  if (unfinished.length === 0) return;
  const place = await trainingPlace(queue);
  const options = { jobs: queue === undefined ? jobs : tasks.length, abortSignal, report, place };
  try {
    const seconds =
      remainingSeconds(unfinished, records, jobs) ?? (await mostSeconds(unfinished, root, jobs, options));
    if (seconds !== undefined) report(`About ${hours(seconds)} to go, less if runs stop early.`);
    let finished = 0;
    await runAll(unfinished, {
      ...options,
      async onResult() {
        finished += 1;
        const left = remainingSeconds(unfinished.slice(finished), await readRecords(tasks), jobs);
        if (left !== undefined) report(`${unfinished.length - finished} runs left, about ${hours(left)}`);
      },
    });
  } finally {
    await place.close();
  }
}

const hours = (seconds: number) =>
  seconds < 3600 ? `${Math.ceil(seconds / 60)} minutes` : `${(seconds / 3600).toFixed(1)} hours`;
