import Table from "cli-table3";
import type { Settings, SettingValue } from "./search-space";
import type { Trial } from "./trial";
import type { FinishedTrial, TrialOutcome } from "./trial-log";

/** A trial that ended, or whose process ended early too often; another call may try it again. */
export type RoundOutcome = TrialOutcome | { readonly kind: "lost"; readonly message: string };

/** A trial that ended, with the number of epochs that it was allowed. */
export interface TrialResult {
  /** Its place in the search, from 1. */
  readonly number: number;
  readonly trial: Trial;
  readonly epochLimit: number;
  readonly outcome: RoundOutcome;
}

export interface FinishedResult extends TrialResult {
  readonly outcome: FinishedTrial;
}

export function isFinished(result: TrialResult): result is FinishedResult {
  return result.outcome.kind === "finished";
}

/** The best first: those that were allowed more epochs, then those with the better metric, then in their order. */
export function ranked(results: readonly TrialResult[], monitor: string): readonly TrialResult[] {
  const value = (result: TrialResult) =>
    isFinished(result) ? result.outcome.metrics[monitor] : Number.NEGATIVE_INFINITY;
  return results.toSorted((a, b) => {
    if (isFinished(a) !== isFinished(b)) return isFinished(a) ? -1 : 1;
    if (a.epochLimit !== b.epochLimit) return b.epochLimit - a.epochLimit;
    // Equal metrics, or none, would be no number.
    return value(b) > value(a) ? 1 : value(b) < value(a) ? -1 : a.number - b.number;
  });
}

/** A table of trials in their order, which is the same for every way to the same trials. */
export function trialTable(
  results: readonly TrialResult[],
  names: readonly string[],
  metrics: readonly string[],
): string {
  const table = new Table({
    head: ["trial", ...names, ...metrics, "best epoch", "epochs"],
    style: { head: [], border: [] },
  });
  for (const result of results) {
    const { number, trial } = result;
    const values = names.map((name) => String(settingOf(name, trial) ?? "the model's default"));
    const measured = isFinished(result)
      ? [
          ...metrics.map((metric) => result.outcome.metrics[metric].toFixed(4)),
          String(result.outcome.bestEpoch),
          String(result.outcome.epochs),
        ]
      : [...metrics.map(() => "failed"), "", ""];
    table.push([String(number), ...values, ...measured]);
  }
  return table.toString();
}

/** The settings of a trial, those that it took over from the start of the search, too, as far as the model names them. */
export function settingsOf(names: readonly string[], trial: Trial): Settings {
  const values = names.flatMap((name) => {
    const value = settingOf(name, trial);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(values);
}

function settingOf(name: string, { settings, record }: Trial): SettingValue | undefined {
  const { options, matching, training } = record.model;
  const { learningRate, parameterGroups } = training.adam ?? {};
  const groups = Object.entries(parameterGroups ?? {}).map(([group, made]) => [
    `${group}.learningRate`,
    made.learningRate,
  ]);
  const given: Readonly<Record<string, unknown>> = {
    learningRate,
    batchSize: training.batchSize,
    ...Object.fromEntries(groups),
    ...matching,
    ...options,
    ...settings,
  };
  const value = given[name];
  return typeof value === "number" || typeof value === "string" || typeof value === "boolean"
    ? value
    : undefined;
}
