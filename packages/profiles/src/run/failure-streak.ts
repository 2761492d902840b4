import type { ModelCallError } from "../calls/model-call-error";

/** So many failures in a row, and at least as many as calls in flight, stop a run. */
const hopelessCount = 10;

/** Failures of calls in a row: whether there are so many that none of the others can be expected to fare better. */
export class FailureStreak {
  readonly #limit: number;
  #hasSucceeded: boolean;
  #length = 0;

  /** @param hasSucceeded Whether such calls have given profiles before. */
  constructor(hasSucceeded: boolean, concurrency: number) {
    this.#hasSucceeded = hasSucceeded;
    this.#limit = Math.max(hopelessCount, concurrency);
  }

  get isHopeless(): boolean {
    return this.#length >= this.#limit;
  }

  succeed(): void {
    this.#hasSucceeded = true;
    this.#length = 0;
  }

  /** What is refused is refused for what it holds; other bad replies tell of the model until it has given a good one. */
  fail({ isService, reason }: ModelCallError): void {
    const tellsOfOthers = isService || (!this.#hasSucceeded && reason !== "refused");
    this.#length = tellsOfOthers ? this.#length + 1 : 0;
  }
}
