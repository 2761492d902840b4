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

export interface RequestBatcherOptions {
  /** Users that may wait at a time. */
  readonly maxWaiting: number;
  /** Hears of the number of users in each call of the model. */
  readonly onBatch: (users: number) => void;
}

/**
 * Answers requests that come while the model is busy in one call after it: many users at once take little longer than one.
 * No request waits for others to come.
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
   * @throws InvalidDataError, UnsupportedError for a request that does not fit the model, RuntimeError
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

  async #work(): Promise<void> {
    this.#isBusy = true;
    while (this.#waiting.length > 0) {
      // The model may compute synchronously, so the requests that have arrived meanwhile get a turn to be read.
      await setImmediate();
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
