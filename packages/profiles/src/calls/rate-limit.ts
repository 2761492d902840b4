import { setTimeout as sleep } from "node:timers/promises";

export interface RateLimitOptions {
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
}

const minute = 60_000;

/**
 * Holds calls back, in the order in which they come, so that no minute has more requests or tokens than allowed, and none
 * start while a service asks to wait.
 */
export class RateLimit {
  readonly #requests: number;
  readonly #tokens: number;
  readonly #window: number;
  /** The calls of the last minute. */
  #started: { readonly at: number; readonly tokens: number }[] = [];
  #pausedUntil = 0;
  #last: Promise<void> = Promise.resolve();

  constructor({ requestsPerMinute, tokensPerMinute }: RateLimitOptions = {}, window = minute) {
    this.#requests = requestsPerMinute ?? Number.POSITIVE_INFINITY;
    this.#tokens = tokensPerMinute ?? Number.POSITIVE_INFINITY;
    this.#window = window;
  }

  /** Resolves when a call of about so many tokens may start. A call beyond the limit of a minute goes alone. */
  acquire(tokens: number, signal: AbortSignal): Promise<void> {
    const turn = this.#last.then(() => this.#wait(Math.min(tokens, this.#tokens), signal));
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** No call starts before so many milliseconds have passed. */
  pause(milliseconds: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, Date.now() + milliseconds);
  }

  async #wait(tokens: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const now = Date.now();
      this.#started = this.#started.filter(({ at }) => at > now - this.#window);
      const until = Math.max(this.#pausedUntil, this.#freeAt(tokens));
      if (until <= now) break;
      await sleep(Math.min(until - now, minute), undefined, { signal });
    }
    this.#started.push({ at: Date.now(), tokens });
  }

  /** When enough of the last minute's calls will have passed out of it. */
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
