import type { ModelCallError } from "../calls/model-call-error";
import { costOf, type Prices } from "../calls/prices";
import type { TokenUsage } from "../store/profile-record";
import type { OpenProfile, ProfilePlan } from "./plan-profiles";
import type { ProfileEstimate, ProfileFailure, ProfileProgress, ProfileReport } from "./profile-report";

/** About how many tokens a reply takes. */
const usualReply = 200;

export interface TallyOptions {
  readonly prices: Prices | undefined;
  readonly maximumOutputTokens: number;
  /** What the run has spent so far. */
  readonly spent: () => number;
}

/** Counts what a run does. */
export class RunTally {
  readonly #plan: ProfilePlan;
  readonly #options: TallyOptions;
  readonly #started = performance.now();
  readonly #failures = new Map<number, ProfileFailure>();
  readonly #usage = { inputTokens: 0, outputTokens: 0 };
  #calls = 0;
  #finished = 0;

  constructor(plan: ProfilePlan, options: TallyOptions) {
    this.#plan = plan;
    this.#options = options;
  }

  countCalls(calls: number, { inputTokens, outputTokens }: TokenUsage): void {
    this.#calls += calls;
    this.#usage.inputTokens += inputTokens;
    this.#usage.outputTokens += outputTokens;
  }

  /** Counts an open profile of the plan that has an answer, or none: why. */
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
      usage: { ...this.#usage },
      cost: this.#cost(),
      seconds: this.#seconds(),
      estimate: this.#estimate(unasked),
    };
  }

  /** Two subjects of the same data are one call. */
  #estimate(open: readonly OpenProfile[]): ProfileEstimate {
    const { prices, maximumOutputTokens } = this.#options;
    const inputs = new Map(open.map(({ key, inputTokens }) => [key, inputTokens]));
    const inputTokens = [...inputs.values()].reduce((sum, tokens) => sum + tokens, 0);
    const outputTokens = inputs.size * Math.min(usualReply, maximumOutputTokens);
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
