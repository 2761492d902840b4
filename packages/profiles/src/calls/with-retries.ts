import { setTimeout as sleep } from "node:timers/promises";
import { classifyError } from "./classify-error";
import { interrupted, type ModelCallError } from "./model-call-error";
import type { RateLimit } from "./rate-limit";

export interface RetryOptions {
  readonly limit: RateLimit;
  /** The estimated tokens of the call. */
  readonly tokens: number;
  readonly maxRetries: number;
  /** Seconds before the first retry; doubled for each further one. */
  readonly retryDelay: number;
  /** Seconds before a call is given up. */
  readonly timeout: number;
  readonly secrets: readonly string[];
  /** Called before each retry with the failure that led to it. */
  readonly onRetry?: ((error: ModelCallError) => void) | undefined;
  /** Stops waiting. A call in flight completes, because it is billed anyway. */
  readonly abortSignal: AbortSignal;
}

const maximumDelayMs = 60_000;

/**
 * Makes a call within the limits, and retries it while the service is unavailable. Waits for as long as the service asks,
 * or for a growing time with jitter if that is longer. `call` starts its timeout, by `startTimeout`, when it sends the
 * request, because it may first have to wait for money.
 *
 * @throws ModelCallError
 * @throws DMRecError as `call` throws it.
 */
export async function withRetries<Result>(
  call: (startTimeout: () => AbortSignal) => Promise<Result>,
  { limit, tokens, maxRetries, retryDelay, timeout, secrets, onRetry, abortSignal }: RetryOptions,
): Promise<Result> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await limit.acquire(tokens, abortSignal);
    } catch {
      throw interrupted();
    }
    try {
      return await call(() => AbortSignal.timeout(timeout * 1000));
    } catch (error) {
      const verdict = classifyError(error, secrets);
      if (!verdict.retry || attempt >= maxRetries) throw verdict.error;
      onRetry?.(verdict.error);
      // The service means all calls, not only this one.
      if (verdict.afterMs !== undefined) limit.pause(verdict.afterMs);
      // Jitter spreads calls that failed together; no result depends on it.
      const growing = Math.min(maximumDelayMs, retryDelay * 1000 * 2 ** attempt) * (0.5 + Math.random());
      const requested = verdict.afterMs ?? 0;
      // Some services say "at once" and are still busy then.
      const delay = requested >= retryDelay * 1000 ? requested : Math.max(requested, growing);
      try {
        await sleep(delay, undefined, { signal: abortSignal });
      } catch {
        throw interrupted();
      }
    }
  }
}
