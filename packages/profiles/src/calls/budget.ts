import { isUnpaid } from "./classify-error";
import { noUsage, type TokenUsage } from "./token-usage";

/** A limit on what calls may use. */
export interface Budget {
  /**
   * Makes a call whose usage is at most `most`, and counts its usage. Counts `most` if the service reports no usage, or if
   * the call fails without an answer of the service.
   *
   * @throws ModelCallError if the call might pass the limit.
   */
  pay<Call extends PaidCall>(most: TokenUsage, call: () => Promise<Call>): Promise<Call>;
}

/** A call that was answered. */
export interface PaidCall {
  /** `undefined` if the service reports none. */
  readonly usage: TokenUsage | undefined;
}

/** Makes a call and passes its usage, or the most that it may be, to `settle`. */
export async function makePaidCall<Call extends PaidCall>(
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
