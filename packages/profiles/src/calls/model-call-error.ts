import { DMRecError, hasErrorCode } from "@dmrec/core";

/**
 * The reason for which a call gave no result.
 *
 * - `credentials`, `quota`, `model`: the service refuses everything; the run stops at once.
 * - `ceiling`: the ceiling on spending is reached; the run stops.
 * - `unavailable`: no answer after all retries; many in a row stop the run.
 * - `rejected`: the service refuses this request; many in a row stop the run.
 * - `refused`: the model declines to answer.
 * - `truncated`: the reply was truncated at the limit of tokens, and again at the raised limit.
 * - `unreadable`: no reply fitted the schema.
 * - `interrupted`: the run was aborted.
 */
export type ModelCallFailure = (typeof modelCallFailures)[number];

export const modelCallFailures = [
  "credentials",
  "quota",
  "model",
  "ceiling",
  "unavailable",
  "rejected",
  "refused",
  "truncated",
  "unreadable",
  "interrupted",
] as const;

/** A call of a language or embedding model that failed. Its message contains no keys. */
export class ModelCallError extends DMRecError {
  readonly reason: ModelCallFailure;
  /** The HTTP status of the service's answer, if there was one. */
  readonly status: number | undefined;

  constructor(reason: ModelCallFailure, message: string, status?: number) {
    super("model-call", message);
    this.name = "ModelCallError";
    this.reason = reason;
    this.status = status;
  }

  /** True if no further call can succeed. */
  get stopsRun(): boolean {
    return ["credentials", "quota", "model", "ceiling", "interrupted"].includes(this.reason);
  }

  /** True if the service failed, not what was asked. */
  get isService(): boolean {
    return this.reason === "unavailable" || this.reason === "rejected";
  }

  static override isInstance(value: unknown): value is ModelCallError {
    return hasErrorCode(value, "model-call");
  }
}

/** The error of a run that was aborted. */
export function interrupted(): ModelCallError {
  return new ModelCallError("interrupted", "The run was interrupted");
}
