import { setImmediate } from "node:timers/promises";
import { RuntimeError } from "@dmrec/core";
import type { Recommendation, ServedRecommender, ServingRequest } from "@dmrec/serving";
import { Refusal } from "./refusal";

interface Waiting {
  readonly request: ServingRequest;
  /** Aborted when no one waits for the answer any more. */
  readonly abortSignal: AbortSignal;
  readonly resolve: (recommendations: Recommendation[]) => void;
  readonly reject: (cause: unknown) => void;
}

/** Users in one call of the model. */
const largestBatch = 1024;
/** Turns of the event loop in which requests are collected at most. */
const mostTurns = 1024;
/** Turns in which nothing arrives, after which the model is called. An idle turn takes microseconds. */
const quietTurns = 16;

interface BatchEnd {
  /** Gives the requests of the call their answers. */
  readonly give: () => void;
  /** True if nothing else happened on this thread during the call. */
  readonly isBlocking: boolean;
}

export interface RequestBatcherOptions {
  /** Users that may wait at a time. */
  readonly maxWaiting: number;
  /** The connections and requests that have arrived so far. */
  readonly arrivals: () => number;
  /** Hears of the number of users in each call of the model. */
  readonly onBatch: (users: number) => void;
}

/**
 * Answers requests that come while the model is busy in one call after it: many users at once take little longer than one.
 * A single request does not wait for others to come.
 */
export class RequestBatcher {
  readonly #recommender: ServedRecommender;
  readonly #options: RequestBatcherOptions;
  #waiting: Waiting[] = [];
  #isBusy = false;
  #isFailing = false;

  constructor(recommender: ServedRecommender, options: RequestBatcherOptions) {
    this.#recommender = recommender;
    this.#options = options;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** True if ONNX Runtime failed in the last call of the model. */
  get isFailing(): boolean {
    return this.#isFailing;
  }

  /**
   * Answers one request, unless the signal is aborted before its turn.
   *
   * @throws InvalidOptionsError, UnsupportedError for a request that does not fit the model, RuntimeError
   * @throws Refusal with 503 if too many users wait.
   */
  async recommend(request: ServingRequest, abortSignal: AbortSignal): Promise<Recommendation[]> {
    if (this.#waiting.length >= this.#options.maxWaiting)
      throw new Refusal(503, "too many requests wait for an answer; try again in a second");
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, abortSignal, resolve, reject });
      if (!this.#isBusy) void this.#work();
    });
  }

  /**
   * Calls the model for as long as requests wait. A model on a thread of its own has its next call before the answers of the
   * last one are written, so that it never waits for them.
   */
  async #work(): Promise<void> {
    this.#isBusy = true;
    let last: BatchEnd = { give: () => {}, isBlocking: true };
    while (this.#waiting.length > 0) {
      if (last.isBlocking) {
        last.give();
        await this.#collect();
      }
      const call = this.#call(this.#nextBatch());
      if (!last.isBlocking) last.give();
      last = await call;
    }
    last.give();
    this.#isBusy = false;
  }

  /**
   * Lets the requests that have arrived be read. Nothing was read while a model computed on this thread, and a turn of the event
   * loop accepts one connection only.
   */
  async #collect(): Promise<void> {
    const arrived = () => this.#waiting.length + this.#options.arrivals();
    let quiet = 0;
    for (let turn = 0; turn < mostTurns && quiet < quietTurns; turn += 1) {
      const before = arrived();
      await setImmediate();
      quiet = arrived() > before ? 0 : quiet + 1;
    }
  }

  /** The next requests, without those that no one waits for any more. */
  #nextBatch(): Waiting[] {
    const next = this.#waiting.splice(0, largestBatch);
    for (const { abortSignal, reject } of next) if (abortSignal.aborted) reject(abortSignal.reason);
    return next.filter(({ abortSignal }) => !abortSignal.aborted);
  }

  async #call(batch: readonly Waiting[]): Promise<BatchEnd> {
    if (batch.length === 0) return { give: () => {}, isBlocking: true };
    this.#options.onBatch(batch.length);
    let isBlocking = true;
    // It fires during the call if the call leaves this thread free.
    const timer = setTimeout(() => {
      isBlocking = false;
    }, 1);
    try {
      const answers = await this.#recommender.recommendAll(batch.map(({ request }) => request));
      this.#isFailing = false;
      const give = () => {
        for (const [index, { resolve }] of batch.entries()) resolve(answers[index]);
      };
      return { give, isBlocking };
    } catch (cause) {
      this.#isFailing = RuntimeError.isInstance(cause);
      return { give: this.#refuse(batch, cause), isBlocking };
    } finally {
      clearTimeout(timer);
    }
  }

  /** Refuses the requests that failed a call. Those that one wrong request failed wait for the next call. */
  #refuse(batch: readonly Waiting[], cause: unknown): () => void {
    const problems = new Map(batch.map((waiting) => [waiting, this.#problemOf(waiting.request)]));
    const right = batch.filter((waiting) => problems.get(waiting) === undefined);
    if (right.length === batch.length)
      return () => {
        for (const { reject } of batch) reject(cause);
      };
    this.#waiting.unshift(...right);
    return () => {
      for (const [{ reject }, problem] of problems) if (problem !== undefined) reject(problem);
    };
  }

  #problemOf(request: ServingRequest): unknown {
    try {
      this.#recommender.assertRequest(request);
      return undefined;
    } catch (error) {
      return error;
    }
  }
}
