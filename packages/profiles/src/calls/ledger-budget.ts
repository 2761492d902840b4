import { type Budget, makePaidCall, type PaidCall } from "./budget";
import type { Ledger } from "./ledger";
import { interrupted, ModelCallError } from "./model-call-error";
import { costOf, type Prices } from "./prices";
import type { TokenUsage } from "./token-usage";

export interface LedgerBudgetOptions {
  readonly prices: Prices | undefined;
  /** The most that the ledger may come to. */
  readonly maxCost: number | undefined;
  /** Stops calls that have not begun. */
  readonly abortSignal: AbortSignal;
}

/** Spends money that a ledger counts, for all runs and processes that share it, up to a ceiling. */
export class LedgerBudget implements Budget {
  /** The amount that this run has spent. */
  spent = 0;
  readonly #ledger: Ledger;
  readonly #options: LedgerBudgetOptions;
  readonly #inFlight = new Set<Promise<boolean>>();

  constructor(ledger: Ledger, options: LedgerBudgetOptions) {
    this.#ledger = ledger;
    this.#options = options;
  }

  async pay<Call extends PaidCall>(most: TokenUsage, call: () => Promise<Call>): Promise<Call> {
    const { prices, maxCost, abortSignal } = this.#options;
    if (abortSignal.aborted) throw interrupted();
    if (!prices) return call();
    const reserved = costOf(most, prices);
    // A call of this run that is in flight may cost less than it reserved, so it is worth waiting for. Calls of other
    // processes are not waited for. There is no await between a successful reservation and the entry of its call in
    // #inFlight, because another call would find the money gone and no call to wait for.
    while (!(await this.#ledger.reserve(reserved, maxCost))) {
      if (this.#inFlight.size === 0) throw this.#ceilingReached(reserved);
      await Promise.race(this.#inFlight);
      if (abortSignal.aborted) throw interrupted();
    }
    if (abortSignal.aborted) {
      await this.#ledger.settle(reserved, 0);
      throw interrupted();
    }
    const payment = makePaidCall(most, call, async (usage) => {
      const actual = costOf(usage, prices);
      await this.#ledger.settle(reserved, actual);
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
    const spent = this.#ledger.spent().toFixed(6);
    return new ModelCallError(
      "ceiling",
      `The next call might cost up to ${reserved.toFixed(6)}, and ${spent} of the ceiling of ${this.#options.maxCost} is spent through this store, including earlier runs; raise maxCost to continue`,
    );
  }
}
