import { rm } from "node:fs/promises";
import { join } from "node:path";
import { removeCheckpoint } from "@dmrec/trainer";
import { duration } from "../duration";
import type { EngineFlags } from "../engine-flags";
import { Interrupted } from "../interruption";
import type { Print } from "../print";
import { readRunRecord, writeRunRecord } from "../run/run-record";
import { describeSettings } from "./search-space";
import type { Round } from "./successive-halving";
import { type Trial, trialRun } from "./trial";
import { TrialLog } from "./trial-log";
import { type PoolOutcome, runTrials } from "./trial-pool";
import { isFinished, ranked, type TrialResult } from "./trial-ranking";

export interface SearchOptions {
  readonly directory: string;
  /** The rounds, of which each takes the best trials of the one before. */
  readonly rounds: readonly Round[];
  readonly monitor: string;
  /** The program whose command `search-trial` trains a trial. */
  readonly program: string;
  readonly engine: EngineFlags;
  readonly jobs: number;
  readonly fresh: boolean;
  readonly abortSignal: AbortSignal;
  readonly print: Print;
}

/**
 * Runs trials, as many at a time as there are jobs, and returns their results, the best first. Trials in the directory's log
 * are not repeated.
 *
 * @throws Interrupted if the signal stopped it.
 * @throws RuntimeError, FileError, InvalidDataError if it cannot go on.
 */
export async function runSearch(
  trials: readonly Trial[],
  options: SearchOptions,
): Promise<readonly TrialResult[]> {
  const { directory, rounds, monitor, fresh, print } = options;
  if (fresh) await removeTrials(directory, trials);
  const log = await TrialLog.open(directory, print);
  const numbers = new Map(trials.map((trial, index) => [trial, index + 1]));
  const results = new Map<Trial, TrialResult>();
  let remaining = trials;
  for (const [index, { trials: count, epochs }] of rounds.entries()) {
    remaining = remaining.slice(0, count);
    if (rounds.length > 1)
      print(
        `Round ${index + 1} of ${rounds.length}: ${remaining.length} trials of at most ${epochs} epochs each`,
      );
    const outcomes = await runRound(remaining, epochs, numbers, log, options);
    const round = remaining.map((trial) => ({
      number: numbers.get(trial) ?? 0,
      trial,
      epochLimit: epochs,
      outcome: outcomes.get(trial) ?? { kind: "lost" as const, message: "it was not run" },
    }));
    for (const result of round) results.set(result.trial, result);
    const next = rounds.at(index + 1)?.trials ?? 0;
    const kept = ranked(round, monitor).filter(isFinished).slice(0, next);
    // A lost trial may be tried again.
    const done = round.filter((result) => !kept.some(({ trial }) => trial === result.trial));
    for (const { trial, outcome } of done)
      if (outcome.kind !== "lost") await removeCheckpoint(trialRun(directory, trial));
    remaining = kept.map(({ trial }) => trial);
  }
  return ranked([...results.values()], monitor);
}

/** The outcomes of trials with a number of epochs, from the log or from processes. */
async function runRound(
  trials: readonly Trial[],
  epochs: number,
  numbers: ReadonlyMap<Trial, number>,
  log: TrialLog,
  { directory, monitor, program, engine, jobs, abortSignal, print }: SearchOptions,
): Promise<ReadonlyMap<Trial, PoolOutcome>> {
  const known = trials.flatMap((trial) => {
    const outcome = log.find({ trial: trial.id, epochLimit: epochs });
    return outcome ? [[trial, outcome] as const] : [];
  });
  const outcomes = new Map<Trial, PoolOutcome>(known);
  const left = trials.filter((trial) => !outcomes.has(trial));
  if (known.length > 0) print(`${known.length} of ${trials.length} trials are finished already`);
  for (const trial of left) await prepareRun(trialRun(directory, trial), trial, epochs);
  const started = performance.now();
  const pooled = left.map((trial) => ({
    label: `Trial ${numbers.get(trial)} of ${numbers.size}`,
    directory: trialRun(directory, trial),
    engine,
  }));
  const onOutcome = async (outcome: PoolOutcome, index: number) => {
    const trial = left[index];
    outcomes.set(trial, outcome);
    if (outcome.kind !== "lost")
      await log.add({ trial: trial.id, epochLimit: epochs, settings: trial.settings, outcome });
    const done = outcomes.size - known.length;
    const seconds = ((performance.now() - started) / 1000 / done) * (left.length - done);
    const rest = done < left.length ? `; about ${duration(seconds)} left` : "";
    print(
      `${pooled[index].label}: ${describeOutcome(outcome, monitor)} (${describeSettings(trial.settings)})${rest}`,
    );
  };
  const ended = await runTrials(pooled, { program, jobs, abortSignal, report: print, onOutcome });
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

/** Removes what an earlier search left of these trials, and nothing else. */
async function removeTrials(directory: string, trials: readonly Trial[]): Promise<void> {
  await rm(join(directory, "trials.jsonl"), { force: true });
  for (const trial of trials) await rm(trialRun(directory, trial), { recursive: true, force: true });
}

function describeOutcome(outcome: PoolOutcome, monitor: string): string {
  return outcome.kind === "finished"
    ? `${monitor} ${outcome.metrics[monitor].toFixed(4)} at epoch ${outcome.bestEpoch} of ${outcome.epochs}`
    : `failed: ${outcome.message}`;
}
