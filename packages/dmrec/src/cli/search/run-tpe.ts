import { RandomGenerator } from "@dmrec/core";
import { removeCheckpoint } from "@dmrec/trainer";
import { planTrials, type TrialPlanner } from "./plan-trials";
import { removeTrials, runRound, type SearchOptions } from "./run-round";
import type { SearchOption } from "./search-space";
import { promisingSettings } from "./tpe";
import { type Trial, trialRun } from "./trial";
import { TrialLog } from "./trial-log";
import { isFinished, ranked, settingsOf, type TrialResult } from "./trial-ranking";

export interface TpeOptions extends SearchOptions {
  readonly plan: TrialPlanner;
  readonly space: readonly SearchOption[];
  /** The number of trials. */
  readonly trials: number;
  readonly epochs: number;
  readonly seed: number;
}

/** Trials that are drawn before there is anything to learn from. */
const firstTrials = 8;
/** Trials that are chosen from the same results, whatever the number of jobs, so that any machine chooses the same ones. */
const generation = 4;
/** Choices in a row that repeat earlier settings, after which all settings are taken to be tried. */
const maxRepeats = 1000;

/**
 * Runs trials of which later ones are chosen by the results of earlier ones, and returns their results, the best first. Trials in
 * the directory's log are not repeated.
 *
 * @throws Interrupted if the signal stopped it.
 * @throws RuntimeError, FileError, InvalidDataError if it cannot go on.
 */
export async function runTpe(options: TpeOptions): Promise<readonly TrialResult[]> {
  const { directory, monitor, fresh, print, plan, space, trials: count, epochs, seed } = options;
  const log = await TrialLog.open(directory, print, fresh);
  const results: TrialResult[] = [];
  const numbers = new Map<Trial, number>();
  const label = (trial: Trial) => `Trial ${numbers.get(trial)} of ${count}`;
  for (;;) {
    const trials =
      results.length === 0
        ? planTrials(plan, space, Math.min(count, firstTrials), seed)
        : nextTrials(results, Math.min(count - results.length, generation), options);
    if (trials.length === 0) break;
    if (fresh) await removeTrials(directory, trials);
    for (const trial of trials) numbers.set(trial, numbers.size + 1);
    const outcomes = await runRound(trials, epochs, label, log, options);
    for (const trial of trials) {
      const outcome = outcomes.get(trial) ?? { kind: "lost" as const, message: "it was not run" };
      results.push({ number: numbers.get(trial) ?? 0, trial, epochLimit: epochs, outcome });
      if (outcome.kind !== "lost") await removeCheckpoint(trialRun(directory, trial));
    }
  }
  return ranked(results, monitor);
}

/** Trials of settings that promise more than those of some results, and differ from them; none if there are no others. */
function nextTrials(
  results: readonly TrialResult[],
  count: number,
  { plan, space, seed, monitor }: TpeOptions,
): readonly Trial[] {
  const names = space.map(({ name }) => name);
  const observations = results.map((result) => ({
    settings: settingsOf(names, result.trial),
    value: isFinished(result) ? result.outcome.metrics[monitor] : Number.NEGATIVE_INFINITY,
  }));
  const tried = new Set(results.map(({ trial }) => trial.id));
  const trials: Trial[] = [];
  for (let attempt = 0, repeats = 0; trials.length < count && repeats < maxRepeats; attempt += 1) {
    const random = RandomGenerator.fromSeed(seed).fork("tpe", results.length, attempt);
    const trial = plan(promisingSettings(space, observations, random));
    repeats = tried.has(trial.id) ? repeats + 1 : 0;
    if (repeats > 0) continue;
    tried.add(trial.id);
    trials.push(trial);
  }
  return trials;
}
