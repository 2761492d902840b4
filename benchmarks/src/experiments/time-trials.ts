import { join } from "node:path";
import type { AccuracyResult } from "../accuracy-task";
import { type PoolOptions, runAll } from "../worker-pool";
import type { ExperimentTask } from "./tasks";

/** Epochs that a kind of model is timed in. */
const trialEpochs = 3;
/** Runs of fewer epochs take hardly longer than a trial. */
const fewestEpochs = 10 * trialEpochs;

/** Models of one kind take the same time for an epoch, whatever their weights. */
const kindOf = ({ variant: { model } }: ExperimentTask) => `${model.base ?? "baseline"}/${model.name}`;

/**
 * An upper bound of the seconds that runs will take, from a few epochs of each kind of model, as many at a time as in the runs.
 * Undefined if the runs are about as short as such trials.
 *
 * @param root The folder of the runs; the trials have their own folder in it.
 */
export async function mostSeconds(
  tasks: readonly ExperimentTask[],
  root: string,
  jobs: number,
  options: Omit<PoolOptions, "onResult">,
): Promise<number | undefined> {
  if (tasks[0].epochs < fewestEpochs) return undefined;
  const kinds = new Map(tasks.map((task) => [kindOf(task), task]));
  options.report(
    `No run is finished yet: ${trialEpochs} epochs of each of ${kinds.size} kinds of models tell the time.`,
  );
  const trials = [...kinds].map(([kind, { record: _, variant: __, ...task }]) => ({
    ...task,
    label: `${kind}, timed`,
    epochs: trialEpochs,
    directory: join(root, "time-trials", kind.replaceAll("/", "_")),
  }));
  const results = await runAll(trials, options);
  return totalSeconds(tasks, new Map([...kinds.keys()].map((kind, index) => [kind, results[index]])), jobs);
}

/** The seconds of runs with all their epochs, from those of an epoch by kind. */
export function totalSeconds(
  tasks: readonly ExperimentTask[],
  results: ReadonlyMap<string, Pick<AccuracyResult, "secondsPerEpoch">>,
  jobs: number,
): number {
  const seconds = (task: ExperimentTask) => task.epochs * (results.get(kindOf(task))?.secondsPerEpoch ?? 0);
  return tasks.reduce((sum, task) => sum + seconds(task), 0) / jobs;
}
