import { setImmediate } from "node:timers/promises";
import type { Recommendation, ServedRecommender, ServingRequest } from "@dmrec/serving";
import { Refusal } from "./refusal";

interface Waiting {
  readonly request: ServingRequest;
  readonly resolve: (recommendations: Recommendation[]) => void;
  readonly reject: (cause: unknown) => void;
}

/** Users in one call of the model. */
const largestBatch = 1024;
/** Turns of the event loop in which requests are collected at most. */
const mostTurns = 1024;
/** Turns in which nothing arrives, after which the model is called. An idle turn takes microseconds. */
const quietTurns = 16;

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

  constructor(recommender: ServedRecommender, options: RequestBatcherOptions) {
    this.#recommender = recommender;
    this.#options = options;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Answers one request.
   *
   * @throws InvalidOptionsError, UnsupportedError for a request that does not fit the model, RuntimeError
   * @throws Refusal with 503 if too many users wait.
   */
  async recommend(request: ServingRequest): Promise<Recommendation[]> {
    // One wrong request would fail all of its batch.
    this.#recommender.assertRequest(request);
    if (this.#waiting.length >= this.#options.maxWaiting)
      throw new Refusal(503, "too many requests wait for an answer; try again in a second");
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject });
      if (!this.#isBusy) void this.#work();
    });
  }

  /**
   * Lets the requests that have arrived be read. ONNX Runtime computes on this thread, so nothing was read during the call
   * before, and a turn of the event loop accepts one connection only.
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

  async #work(): Promise<void> {
    this.#isBusy = true;
    while (this.#waiting.length > 0) {
      await this.#collect();
      const batch = this.#waiting.splice(0, largestBatch);
      this.#options.onBatch(batch.length);
      try {
        const answers = await this.#recommender.recommendAll(batch.map(({ request }) => request));
        for (const [index, { resolve }] of batch.entries()) resolve(answers[index]);
      } catch (cause) {
        for (const { reject } of batch) reject(cause);
      }
    }
    this.#isBusy = false;
  }
}
