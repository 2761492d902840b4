import { DMRecError, hasErrorCode } from "./dmrec-error";

/** A loss term that became NaN or infinite. Training stops on it. */
export class NonFiniteLossError extends DMRecError {
  readonly step: number;
  readonly term: string;
  readonly value: number;

  constructor(step: number, term: string, value: number) {
    super(
      "non-finite-loss",
      `the loss term "${term}" is ${value} at step ${step}; expected a finite number (try a lower learning rate, and check embeddings and weights for extreme values)`,
    );
    this.name = "NonFiniteLossError";
    this.step = step;
    this.term = term;
    this.value = value;
  }

  static override isInstance(value: unknown): value is NonFiniteLossError {
    return hasErrorCode(value, "non-finite-loss");
  }
}
