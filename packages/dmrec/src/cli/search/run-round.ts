import { rm } from "node:fs/promises";
import { resolve } from "node:path";
import { removeCheckpoint } from "@dmrec/trainer";
import { type FinishedTask, runTasks, type TaskPlace } from "@dmrec/workers";
import { duration } from "../duration";
import type { EngineFlags } from "../engine-flags";
import { Interrupted } from "../interruption";
import type { Print } from "../print";
import { readRunRecord, writeRunRecord } from "../run/run-record";
import { describeSettings } from "./search-space";
import { type Trial, trialRun } from "./trial";
import { outcomeSchema, type TrialLog } from "./trial-log";
import type { RoundOutcome } from "./trial-ranking";
import type { TrialTask } from "./trial-task";

export interface SearchOptions {
  readonly directory: string;
  readonly monitor: string;
  /** Processes of this machine or of many, which train the trials. */
  readonly place: TaskPlace;
  readonly engine: EngineFlags;
  /** The number of trials at a time. */
  readonly jobs: number;
  readonly fresh: boolean;
  readonly abortSignal: AbortSignal;
  readonly print: Print;
}

/** The outcomes of trials with a number of epochs, from the log or from processes. */
export async function runRound(
  trials: readonly Trial[],
  epochs: number,
  label: (trial: Trial) => string,
  log: TrialLog,
  { directory, monitor, place, engine, jobs, abortSignal, print }: SearchOptions,
): Promise<ReadonlyMap<Trial, RoundOutcome>> {
  const known = trials.flatMap((trial) => {
    const outcome = log.find({ trial: trial.id, epochLimit: epochs });
    return outcome ? [[trial, outcome] as const] : [];
  });
  const outcomes = new Map<Trial, RoundOutcome>(known);
  const left = trials.filter((trial) => !outcomes.has(trial));
  if (known.length > 0) print(`${known.length} of ${trials.length} trials are finished already`);
  for (const trial of left) await prepareRun(trialRun(directory, trial), trial, epochs);
  const started = performance.now();
  const tasks = left.map((trial) => {
    const data: TrialTask = { directory: resolve(trialRun(directory, trial)), epochs, engine };
    return { label: label(trial), data };
  });
  const onEnd = async (end: FinishedTask, index: number) => {
    const trial = left[index];
    const outcome = end.kind === "result" ? outcomeSchema.parse(end.result) : end;
    outcomes.set(trial, outcome);
    if (outcome.kind !== "lost")
      await log.add({ trial: trial.id, epochLimit: epochs, settings: trial.settings, outcome });
    const done = outcomes.size - known.length;
    const seconds = ((performance.now() - started) / 1000 / done) * (left.length - done);
    const rest = done < left.length ? `; about ${duration(seconds)} left` : "";
    print(
      `${tasks[index].label}: ${describeOutcome(outcome, monitor)} (${describeSettings(trial.settings)})${rest}`,
    );
  };
  const ended = await runTasks(tasks, { place, atATime: jobs, abortSignal, report: print, onEnd });
  if (ended < left.length)
    throw new Interrupted(
      `Stopped with ${known.length + ended} of ${trials.length} trials finished. The same command continues from there (${directory}).`,
    );
  return outcomes;
}

/** Writes the record of a trial's run. A checkpoint of more epochs than it may have is of another search. */
async function prepareRun(run: string, { record }: Trial, epochs: number): Promise<void> {
  const before = await readRunRecord(run);
  if ((before?.training.epochs ?? 0) > epochs) await removeCheckpoint(run);
  await writeRunRecord(run, { ...record, training: { ...record.training, epochs } });
}

/** Removes what an earlier search left of trials, and nothing else. */
export async function removeTrials(directory: string, trials: readonly Trial[]): Promise<void> {
  for (const trial of trials) await rm(trialRun(directory, trial), { recursive: true, force: true });
}

function describeOutcome(outcome: RoundOutcome, monitor: string): string {
  return outcome.kind === "finished"
    ? `${monitor} ${outcome.metrics[monitor].toFixed(4)} at epoch ${outcome.bestEpoch} of ${outcome.epochs}`
    : `failed: ${outcome.message}`;
}
