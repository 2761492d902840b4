import type { ModelCallFailure } from "../calls/model-call-error";
import type { TokenUsage } from "../store/profile-record";

/** A user or item that has no profile, and why. */
export interface ProfileFailure {
  readonly id: string;
  readonly reason: ModelCallFailure;
  readonly message: string;
}

/** What a run came to. */
export interface ProfileReport {
  readonly total: number;
  /** Profiles there are, and those who the data does not suffice for. */
  readonly ok: number;
  readonly insufficient: number;
  /** Neither profile nor call, because the run stopped before, or was a dry one. */
  readonly open: number;
  readonly failed: readonly ProfileFailure[];
  /** How many of them came from the store, and how many of those were imported. */
  readonly fromStore: number;
  readonly imported: number;
  /** How many had a profile whose inputs have changed since. */
  readonly stale: number;
  /** Calls that were answered, re-asked ones included. */
  readonly calls: number;
  readonly usage: TokenUsage;
  /** Of this run, where prices are given. */
  readonly cost: number | undefined;
  readonly seconds: number;
  /** What the calls that are still open would take, about. */
  readonly estimate: ProfileEstimate;
}

export interface ProfileEstimate extends TokenUsage {
  readonly calls: number;
  /** Where prices are given. */
  readonly cost: number | undefined;
}

/** How far a run has come. */
export interface ProfileProgress {
  readonly done: number;
  readonly total: number;
  readonly failed: number;
  readonly callsPerMinute: number;
  /** Of this run, where prices are given. */
  readonly cost: number | undefined;
  readonly secondsLeft: number;
}

/** A report in some lines for people. */
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

export function describeEstimate({ calls, inputTokens, outputTokens, cost }: ProfileEstimate): string {
  const price = cost === undefined ? "" : `, cost about ${cost.toFixed(4)}`;
  return `${calls} calls, about ${inputTokens} tokens in and ${outputTokens} out${price}`;
}

/** A line such as `412/2000 (3 failed), 95 calls a minute, cost 0.0312, 16 min left`. */
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
