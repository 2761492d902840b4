import { setTimeout as sleep } from "node:timers/promises";
import { classifyError } from "./classify-error";
import { interrupted, type ModelCallError } from "./model-call-error";
import type { RateLimit } from "./rate-limit";

export interface RetryOptions {
  readonly limit: RateLimit;
  /** About how many tokens the call takes. */
  readonly tokens: number;
  readonly maximumRetries: number;
  /** Seconds before the first retry; doubled for each further one. */
  readonly retryDelay: number;
  /** Seconds until a call is given up. */
  readonly timeout: number;
  readonly secrets: readonly string[];
  /** Told of each failure after which the call is made again. */
  readonly onRetry?: (error: ModelCallError) => void;
  /** Stops waiting; a call that has begun is brought to its end, for it is paid. */
  readonly signal: AbortSignal;
}

const maximumDelayMs = 60_000;

/**
 * Makes a call within the limits, and again where the service was not available: after the time that it asks for, or
 * after a growing one with jitter where it asks for none, or for less than `retryDelay`. `call` begins its time, by
 * `startTimeout`, when it sends: it may have to wait for money.
 *
 * @throws ModelCallError
 * @throws DMRecError as `call` throws it.
 */
export async function withRetries<Result>(
  call: (startTimeout: () => AbortSignal) => Promise<Result>,
  { limit, tokens, maximumRetries, retryDelay, timeout, secrets, onRetry, signal }: RetryOptions,
): Promise<Result> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await limit.acquire(tokens, signal);
    } catch {
      throw interrupted();
    }
    try {
      return await call(() => AbortSignal.timeout(timeout * 1000));
    } catch (error) {
      const verdict = classifyError(error, secrets);
      if (!verdict.retry || attempt >= maximumRetries) throw verdict.error;
      onRetry?.(verdict.error);
      // A service that asks to wait means all calls, not this one alone.
      if (verdict.afterMs !== undefined) limit.pause(verdict.afterMs);
      // Jitter keeps calls that failed together from coming back together; no result depends on it.
      const growing = Math.min(maximumDelayMs, retryDelay * 1000 * 2 ** attempt) * (0.5 + Math.random());
      const asked = verdict.afterMs ?? 0;
      try {
        // Some say "at once" and are no readier then.
        await sleep(asked >= retryDelay * 1000 ? asked : Math.max(asked, growing), undefined, { signal });
      } catch {
        throw interrupted();
      }
    }
  }
}
