import { type Budget, makePaidCall, type PaidCall } from "./budget";
import { ModelCallError } from "./model-call-error";
import { addUsage, type TokenUsage } from "./token-usage";

/** Spends tokens that another process has reserved, up to their number; one call at a time. */
export class TokenAllowance implements Budget {
  readonly #allowed: TokenUsage;
  readonly #keep: (used: TokenUsage) => Promise<void>;
  #used: TokenUsage;

  /** @param keep Called before and after each call with the usage to count if the process dies then. */
  constructor(allowed: TokenUsage, used: TokenUsage, keep: (used: TokenUsage) => Promise<void>) {
    this.#allowed = allowed;
    this.#used = used;
    this.#keep = keep;
  }

  get used(): TokenUsage {
    return this.#used;
  }

  async pay<Call extends PaidCall>(most: TokenUsage, call: () => Promise<Call>): Promise<Call> {
    const before = this.#used;
    const atMost = addUsage(before, most);
    if (atMost.inputTokens > this.#allowed.inputTokens || atMost.outputTokens > this.#allowed.outputTokens) {
      throw new ModelCallError(
        "unavailable",
        "Calls without an answer have used up what was set aside for them",
      );
    }
    await this.#keep(atMost);
    return makePaidCall(most, call, async (usage) => {
      this.#used = addUsage(before, usage);
      await this.#keep(this.#used);
    });
  }
}
