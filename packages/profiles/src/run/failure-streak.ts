import type { ModelCallError } from "../calls/model-call-error";

/** The least failures in a row that stop a run. */
const hopelessCount = 10;

/** Counts failures of calls in a row, to tell whether the remaining calls would fail too. */
export class FailureStreak {
  readonly #limit: number;
  #hasSucceeded: boolean;
  #length = 0;

  /**
   * @param hasSucceeded True if such calls have given profiles before.
   * @param maxParallelCalls The calls in flight, which must all have failed.
   */
  constructor(hasSucceeded: boolean, maxParallelCalls: number) {
    this.#hasSucceeded = hasSucceeded;
    this.#limit = Math.max(hopelessCount, maxParallelCalls);
  }

  get isHopeless(): boolean {
    return this.#length >= this.#limit;
  }

  /** Counts a success, or a failure. */
  count(failure: ModelCallError | undefined): void {
    if (failure) {
      this.#fail(failure);
      return;
    }
    this.#hasSucceeded = true;
    this.#length = 0;
  }

  /** A refusal concerns one prompt; other bad replies count until the model has given a good one. */
  #fail({ isService, reason }: ModelCallError): void {
    const concernsOthers = isService || (!this.#hasSucceeded && reason !== "refused");
    this.#length = concernsOthers ? this.#length + 1 : 0;
  }
}
