import { removeCheckpoint } from "@dmrec/trainer";
import { removeTrials, runRound, type SearchOptions } from "./run-round";
import type { Round } from "./successive-halving";
import { type Trial, trialRun } from "./trial";
import { TrialLog } from "./trial-log";
import { isFinished, ranked, type TrialResult } from "./trial-ranking";

/**
 * Runs trials in rounds, of which each takes the best trials of the one before, and returns their results, the best first.
 * Trials in the directory's log are not repeated.
 *
 * @throws Interrupted if the signal stopped it.
 * @throws RuntimeError, FileError, InvalidDataError if it cannot go on.
 */
export async function runSearch(
  trials: readonly Trial[],
  rounds: readonly Round[],
  options: SearchOptions,
): Promise<readonly TrialResult[]> {
  const { directory, monitor, fresh, print } = options;
  if (fresh) await removeTrials(directory, trials);
  const log = await TrialLog.open(directory, print, fresh);
  const numbers = new Map(trials.map((trial, index) => [trial, index + 1]));
  const label = (trial: Trial) => `Trial ${numbers.get(trial)} of ${trials.length}`;
  const results = new Map<Trial, TrialResult>();
  let remaining = trials;
  for (const [index, { trials: count, epochs }] of rounds.entries()) {
    remaining = remaining.slice(0, count);
    if (rounds.length > 1)
      print(
        `Round ${index + 1} of ${rounds.length}: ${remaining.length} trials of at most ${epochs} epochs each`,
      );
    const outcomes = await runRound(remaining, epochs, label, log, options);
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
