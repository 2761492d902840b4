import { type Budget, type PaidCall, TokenAllowance } from "../calls/budget";
import { costOf, type Prices } from "../calls/prices";
import { noUsage, type TokenUsage } from "../store/profile-record";

/** Counts what a run spends where no store does, by the rules of one, and without a ceiling. */
export class RunBudget implements Budget {
  spent = 0;
  readonly #prices: Prices | undefined;

  constructor(prices: Prices | undefined) {
    this.#prices = prices;
  }

  async pay<Call extends PaidCall>(most: TokenUsage, call: () => Promise<Call>): Promise<Call> {
    if (!this.#prices) return call();
    // It knows what a call has used, be it answered or not.
    const allowance = new TokenAllowance(most, noUsage, async () => {});
    try {
      return await allowance.pay(most, call);
    } finally {
      this.spent += costOf(allowance.used, this.#prices);
    }
  }
}
