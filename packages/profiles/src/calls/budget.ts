import { APICallError } from "ai";
import type { TokenUsage } from "../store/profile-record";
import type { ProfileStore } from "../store/profile-store";
import { ModelCallError } from "./model-call-error";
import { costOf, type Prices } from "./prices";

/** What calls cost, and the ceiling that they must not pass. */
export class Budget {
  /** What this run has spent. */
  spent = 0;
  readonly #store: ProfileStore;
  readonly #prices: Prices | undefined;
  readonly #ceiling: number | undefined;

  constructor(store: ProfileStore, prices: Prices | undefined, ceiling: number | undefined) {
    this.#store = store;
    this.#prices = prices;
    this.#ceiling = ceiling;
  }

  /**
   * Makes a call whose usage is at most `most`, and counts what it used. Where the service does not tell, the most is
   * counted; so it is where the call fails after it was sent, as far as one can know.
   *
   * @throws ModelCallError where the call might pass the ceiling.
   */
  async pay<Result>(
    most: TokenUsage,
    call: () => Promise<{ readonly result: Result; readonly usage: TokenUsage | undefined }>,
  ): Promise<Result> {
    if (!this.#prices) return (await call()).result;
    const reserved = costOf(most, this.#prices);
    if (!(await this.#store.reserve(reserved, this.#ceiling))) {
      throw new ModelCallError(
        "ceiling",
        `The next call might cost up to ${reserved.toFixed(6)}, and ${this.#store.spent().toFixed(6)} of the ceiling of ${this.#ceiling} is spent (with what runs before spent through this store); raise maximumCost to go on`,
      );
    }
    let actual = 0;
    try {
      const { result, usage } = await call();
      actual = usage ? costOf(usage, this.#prices) : reserved;
      return result;
    } catch (error) {
      actual = isUnpaid(error) ? 0 : reserved;
      throw error;
    } finally {
      await this.#store.settle(reserved, actual);
      this.spent += actual;
    }
  }
}

/** Services charge nothing for requests that they answer with an error. */
function isUnpaid(error: unknown): boolean {
  return APICallError.isInstance(error) && (error.statusCode ?? 0) >= 400;
}
