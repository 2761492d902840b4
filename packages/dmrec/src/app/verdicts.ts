import { holmCorrection, pairedTTest } from "@dmrec/eval";
import type { Outcome } from "./compare-models";

/** A matched model beside its base model on the test part. */
export interface Verdict {
  readonly model: string;
  readonly metric: string;
  readonly value: number;
  readonly baseValue: number;
  /** The number of users that both were measured on. */
  readonly users: number;
  /** The statistic of a paired t-test over users. */
  readonly t: number;
  /** Two-sided, corrected for the number of matched models (Holm). */
  readonly pValue: number;
  /** `unclear` if the difference may be chance: p is 0.05 or more. */
  readonly result: "better" | "worse" | "unclear";
}

/** A difference counts if its p-value is below this. */
const significance = 0.05;

/** Compares every matched model with the base model that was trained beside it, by a metric. None without that base model. */
export function verdicts(outcomes: readonly Outcome[], metric: string): Verdict[] {
  const finished = outcomes.filter((outcome) => outcome.kind === "finished");
  const base = finished.find(({ model }) => model.base !== undefined && model.matching === undefined);
  const users = base?.report.evaluatedUsers.length ?? 0;
  if (!base || users < 2) return [];
  const matched = finished.filter(({ model }) => model.matching !== undefined);
  const tests = matched.map(({ report }) => pairedTTest(report.perUser[metric], base.report.perUser[metric]));
  const pValues = holmCorrection(tests.map(({ pValue }) => pValue));
  return matched.map(({ name, report }, index) => {
    const { t } = tests[index];
    const pValue = pValues[index];
    const result = pValue >= significance ? "unclear" : t > 0 ? "better" : "worse";
    const values = { value: report.metrics[metric], baseValue: base.report.metrics[metric] };
    return { model: name, metric, ...values, users, t, pValue, result };
  });
}
