import { DMRecError } from "@dmrec/core";

/**
 * Why a call did not give what was asked for.
 *
 * - `credentials`, `quota`, `model`: the service refuses everything; the run stops at once.
 * - `ceiling`: the ceiling on spending is reached; the run stops.
 * - `unavailable`: no answer after all retries; many in a row stop the run.
 * - `rejected`: the service refuses this request; many in a row stop the run.
 * - `refused`: the model declines to answer.
 * - `truncated`: the reply was cut at the limit of tokens, also at the raised one.
 * - `unreadable`: no reply fitted what was asked for.
 * - `interrupted`: the run was asked to stop.
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

/** A call of a language or embedding model that failed; its message holds no keys. */
export class ModelCallError extends DMRecError {
  readonly reason: ModelCallFailure;
  /** The status of the service's answer, where it gave one. */
  readonly status: number | undefined;

  constructor(reason: ModelCallFailure, message: string, status?: number) {
    super("model-call", message);
    this.name = "ModelCallError";
    this.reason = reason;
    this.status = status;
  }

  /** True where no further call can succeed. */
  get stopsRun(): boolean {
    return ["credentials", "quota", "model", "ceiling", "interrupted"].includes(this.reason);
  }

  /** True where it is the service's doing rather than that of what was asked. */
  get isService(): boolean {
    return this.reason === "unavailable" || this.reason === "rejected";
  }

  /** True for a ModelCallError of any copy of this package. */
  static override isInstance(value: unknown): value is ModelCallError {
    return DMRecError.isInstance(value, "model-call") && "reason" in value;
  }
}

/** The run was asked to stop. */
export function interrupted(): ModelCallError {
  return new ModelCallError("interrupted", "The run was interrupted");
}
