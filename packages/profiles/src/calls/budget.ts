import { noUsage, type TokenUsage } from "../store/profile-record";
import type { ProfileStore } from "../store/profile-store";
import { isUnpaid } from "./classify-error";
import { interrupted, ModelCallError } from "./model-call-error";
import { costOf, type Prices } from "./prices";

/** What calls are paid from. */
export interface Budget {
  /**
   * Makes a call whose usage is at most `most`, and counts what it used: the most where the service does not tell, or where
   * the call fails without an answer of the service, for then nobody knows.
   *
   * @throws ModelCallError where the call might pass the limit.
   */
  pay<Call extends PaidCall>(most: TokenUsage, call: () => Promise<Call>): Promise<Call>;
}

/** A call that was answered. */
export interface PaidCall {
  /** `undefined` where the service does not tell. */
  readonly usage: TokenUsage | undefined;
}

/** Spends money that the store counts, for all runs and processes that use it, up to a ceiling. */
export class StoreBudget implements Budget {
  /** What this run has spent. */
  spent = 0;
  readonly #store: ProfileStore;
  readonly #prices: Prices | undefined;
  readonly #ceiling: number | undefined;
  readonly #signal: AbortSignal;
  readonly #inFlight = new Set<Promise<boolean>>();

  /** No call begins after the signal. */
  constructor(
    store: ProfileStore,
    prices: Prices | undefined,
    ceiling: number | undefined,
    signal: AbortSignal,
  ) {
    this.#store = store;
    this.#prices = prices;
    this.#ceiling = ceiling;
    this.#signal = signal;
  }

  async pay<Call extends PaidCall>(most: TokenUsage, call: () => Promise<Call>): Promise<Call> {
    const prices = this.#prices;
    if (this.#signal.aborted) throw interrupted();
    if (!prices) return call();
    const reserved = costOf(most, prices);
    // Calls in flight may turn out cheaper than what is reserved for them; those of other processes are not waited for.
    while (!(await this.#store.reserve(reserved, this.#ceiling))) {
      if (this.#inFlight.size === 0) throw this.#ceilingReached(reserved);
      await Promise.race(this.#inFlight);
      if (this.#signal.aborted) throw interrupted();
    }
    if (this.#signal.aborted) {
      await this.#store.settle(reserved, 0);
      throw interrupted();
    }
    const payment = paymentOf(most, call, async (usage) => {
      const actual = costOf(usage, prices);
      await this.#store.settle(reserved, actual);
      this.spent += actual;
    });
    const settled: Promise<boolean> = payment.then(
      () => this.#inFlight.delete(settled),
      () => this.#inFlight.delete(settled),
    );
    this.#inFlight.add(settled);
    return payment;
  }

  #ceilingReached(reserved: number): ModelCallError {
    const spent = this.#store.spent().toFixed(6);
    return new ModelCallError(
      "ceiling",
      `The next call might cost up to ${reserved.toFixed(6)}, and ${spent} of the ceiling of ${this.#ceiling} is spent through this store, earlier runs included; raise maximumCost to go on`,
    );
  }
}

/** Spends tokens that another process has set aside, up to their number; one call at a time. */
export class TokenAllowance implements Budget {
  readonly #allowed: TokenUsage;
  readonly #keep: (used: TokenUsage) => Promise<void>;
  #used: TokenUsage;

  /** `keep` is told, before each call and after it, what is spent if the process dies then. */
  constructor(allowed: TokenUsage, used: TokenUsage, keep: (used: TokenUsage) => Promise<void>) {
    this.#allowed = allowed;
    this.#used = used;
    this.#keep = keep;
  }

  /** What was spent. */
  get used(): TokenUsage {
    return this.#used;
  }

  async pay<Call extends PaidCall>(most: TokenUsage, call: () => Promise<Call>): Promise<Call> {
    const before = this.#used;
    const atMost = sumOf(before, most);
    if (atMost.inputTokens > this.#allowed.inputTokens || atMost.outputTokens > this.#allowed.outputTokens) {
      throw new ModelCallError(
        "unavailable",
        "Calls without an answer have used up what was set aside for them",
      );
    }
    await this.#keep(atMost);
    return paymentOf(most, call, async (usage) => {
      this.#used = sumOf(before, usage);
      await this.#keep(this.#used);
    });
  }
}

async function paymentOf<Call extends PaidCall>(
  most: TokenUsage,
  call: () => Promise<Call>,
  settle: (usage: TokenUsage) => Promise<void>,
): Promise<Call> {
  let usage = most;
  try {
    const answered = await call();
    usage = answered.usage ?? most;
    return answered;
  } catch (error) {
    if (isUnpaid(error)) usage = noUsage;
    throw error;
  } finally {
    await settle(usage);
  }
}

function sumOf(a: TokenUsage, b: TokenUsage): TokenUsage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
  };
}
