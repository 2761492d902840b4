import { type CallEstimate, describeEstimate } from "../calls/call-estimate";
import type { ModelCallFailure } from "../calls/model-call-error";
import type { TokenUsage } from "../calls/token-usage";

/** A user or item without a profile, and the reason. */
export interface ProfileFailure {
  readonly id: string;
  readonly reason: ModelCallFailure;
  readonly message: string;
}

/** The outcome of a run. */
export interface ProfileReport {
  /** The number of subjects. */
  readonly total: number;
  /** Profiles with a summary. */
  readonly ok: number;
  /** Profiles of subjects whose data does not suffice. */
  readonly insufficient: number;
  /** Subjects that have neither profile nor call, because the run stopped before, or was a dry one. */
  readonly open: number;
  readonly failed: readonly ProfileFailure[];
  /** Profiles that came from the store. */
  readonly fromStore: number;
  /** Profiles from the store that were imported. */
  readonly imported: number;
  /** Subjects with a stored profile whose inputs have changed since. */
  readonly stale: number;
  /** Answered calls, including those whose reply did not fit. */
  readonly calls: number;
  readonly usage: TokenUsage;
  /** The cost of this run, if prices are given. */
  readonly cost: number | undefined;
  readonly seconds: number;
  /** An estimate of the calls that are still open. */
  readonly estimate: CallEstimate;
}

/** The progress of a run. */
export interface ProfileProgress {
  readonly done: number;
  readonly total: number;
  readonly failed: number;
  readonly callsPerMinute: number;
  /** The cost of this run, if prices are given. */
  readonly cost: number | undefined;
  readonly secondsLeft: number;
}

/**
 * Returns a report in some lines for people.
 *
 * @example
 * console.log(describeReport(report)); // 40 profiles: 38 ok, 2 insufficient, 0 failed (0 from the store) …
 */
export function describeReport(report: ProfileReport): string {
  const { total, ok, insufficient, open, failed, fromStore, imported, stale, calls, usage, cost, seconds } =
    report;
  const lines = [
    `${total} profiles: ${ok} ok, ${insufficient} insufficient, ${failed.length} failed${open > 0 ? `, ${open} open` : ""} (${fromStore} from the store${imported > 0 ? `, ${imported} of them imported` : ""}${stale > 0 ? `, ${stale} stale` : ""})`,
    `${calls} calls, ${usage.inputTokens} tokens in, ${usage.outputTokens} out${cost === undefined ? "" : `, cost ${cost.toFixed(4)}`}, ${seconds.toFixed(1)} s`,
  ];
  if (open > 0) lines.push(`still to do: ${describeEstimate(report.estimate)}`);
  for (const reason of new Set(failed.map((failure) => failure.reason))) {
    const failures = failed.filter((failure) => failure.reason === reason);
    lines.push(`${failures.length} ${reason}, the first ${failures[0].id}: ${failures[0].message}`);
  }
  return lines.join("\n");
}

/** Returns a line such as `412/2000 (3 failed), 95 calls a minute, cost 0.0312, 16 min left`. */
export function describeProgress({
  done,
  total,
  failed,
  callsPerMinute,
  cost,
  secondsLeft,
}: ProfileProgress): string {
  const parts = [
    `${done}/${total}${failed > 0 ? ` (${failed} failed)` : ""}`,
    `${callsPerMinute.toFixed(0)} calls a minute`,
    ...(cost === undefined ? [] : [`cost ${cost.toFixed(4)}`]),
    secondsLeft < 90 ? `${secondsLeft.toFixed(0)} s left` : `${(secondsLeft / 60).toFixed(0)} min left`,
  ];
  return parts.join(", ");
}
