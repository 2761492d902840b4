import { setTimeout as sleep } from "node:timers/promises";

export interface RateLimitOptions {
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
}

const minute = 60_000;

/** Delays calls, first come first served, to stay within limits per minute and to pause when a service asks for it. */
export class RateLimit {
  readonly #requests: number;
  readonly #tokens: number;
  readonly #window: number;
  /** The calls of the last minute. */
  #started: { readonly at: number; readonly tokens: number }[] = [];
  #pausedUntil = 0;
  #last: Promise<void> = Promise.resolve();

  /** @param window Milliseconds of the window in which calls are counted. */
  constructor({ requestsPerMinute, tokensPerMinute }: RateLimitOptions = {}, window = minute) {
    this.#requests = requestsPerMinute ?? Number.POSITIVE_INFINITY;
    this.#tokens = tokensPerMinute ?? Number.POSITIVE_INFINITY;
    this.#window = window;
  }

  /**
   * Resolves when a call of about `tokens` tokens may start. A call of more tokens than the limit of a minute waits until
   * no other call of the last minute counts.
   */
  acquire(tokens: number, abortSignal: AbortSignal): Promise<void> {
    const turn = this.#last.then(() => this.#wait(Math.min(tokens, this.#tokens), abortSignal));
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** Starts no call for the next `milliseconds`. */
  pause(milliseconds: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, Date.now() + milliseconds);
  }

  async #wait(tokens: number, abortSignal: AbortSignal): Promise<void> {
    for (;;) {
      abortSignal.throwIfAborted();
      const now = Date.now();
      this.#started = this.#started.filter(({ at }) => at > now - this.#window);
      const until = Math.max(this.#pausedUntil, this.#freeAt(tokens));
      if (until <= now) break;
      await sleep(Math.min(until - now, minute), undefined, { signal: abortSignal });
    }
    this.#started.push({ at: Date.now(), tokens });
  }

  /** The time at which enough of the last minute's calls have left the window. */
  #freeAt(tokens: number): number {
    let requests = this.#started.length + 1;
    let sum = this.#started.reduce((total, call) => total + call.tokens, tokens);
    let free = 0;
    for (const call of this.#started) {
      if (requests <= this.#requests && sum <= this.#tokens) break;
      requests -= 1;
      sum -= call.tokens;
      free = call.at + this.#window + 1;
    }
    return free;
  }
}
