import type { CallEstimate } from "../calls/call-estimate";
import type { ModelCallError } from "../calls/model-call-error";
import { costOf, type Prices } from "../calls/prices";
import { addUsage, noUsage, type TokenUsage } from "../calls/token-usage";
import type { OpenProfile, ProfilePlan } from "./plan-profiles";
import type { ProfileFailure, ProfileProgress, ProfileReport } from "./profile-report";

/** The estimated tokens of a reply. */
const usualReply = 200;

export interface TallyOptions {
  readonly prices: Prices | undefined;
  readonly maxOutputTokens: number;
  /** The cost of the run so far. */
  readonly spent: () => number;
}

/** The counts of a run. */
export class RunTally {
  readonly #plan: ProfilePlan;
  readonly #options: TallyOptions;
  readonly #started = performance.now();
  readonly #failures = new Map<number, ProfileFailure>();
  #usage = noUsage;
  #calls = 0;
  #finished = 0;

  constructor(plan: ProfilePlan, options: TallyOptions) {
    this.#plan = plan;
    this.#options = options;
  }

  countCalls(calls: number, usage: TokenUsage): void {
    this.#calls += calls;
    this.#usage = addUsage(this.#usage, usage);
  }

  /** Counts an open profile of the plan as made, or as failed. */
  finish(index: number, id: string, failure?: ModelCallError): void {
    this.#finished += 1;
    if (failure) this.#failures.set(index, { id, reason: failure.reason, message: failure.message });
  }

  progress(): ProfileProgress {
    const { profiles, open } = this.#plan;
    const seconds = this.#seconds();
    return {
      done: profiles.length - open.length + this.#finished,
      total: profiles.length,
      failed: this.#failures.size,
      callsPerMinute: (this.#calls / seconds) * 60,
      cost: this.#cost(),
      secondsLeft: (seconds / this.#finished) * (open.length - this.#finished),
    };
  }

  report(): ProfileReport {
    const { profiles, open, fromStore, imported, stale, unplanned } = this.#plan;
    const unasked = open.filter(({ index }) => profiles[index] === undefined && !this.#failures.has(index));
    const count = (status: string) => profiles.filter((profile) => profile?.status === status).length;
    return {
      total: profiles.length,
      ok: count("ok"),
      insufficient: count("insufficient"),
      open: unasked.length + unplanned,
      failed: [...this.#failures.values()],
      fromStore,
      imported,
      stale,
      calls: this.#calls,
      usage: this.#usage,
      cost: this.#cost(),
      seconds: this.#seconds(),
      estimate: this.#estimate(unasked),
    };
  }

  /** Counts two subjects of the same data as one call. */
  #estimate(open: readonly OpenProfile[]): CallEstimate {
    const { prices, maxOutputTokens } = this.#options;
    const inputs = new Map(open.map(({ key, inputTokens }) => [key, inputTokens]));
    const inputTokens = [...inputs.values()].reduce((sum, tokens) => sum + tokens, 0);
    const outputTokens = inputs.size * Math.min(usualReply, maxOutputTokens);
    const usage = { inputTokens, outputTokens };
    return { calls: inputs.size, ...usage, cost: prices && costOf(usage, prices) };
  }

  #cost(): number | undefined {
    return this.#options.prices && this.#options.spent();
  }

  #seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }
}
