import { ModelCallError } from "../calls/model-call-error";
import type { ProfileReport } from "./profile-report";

/** A run that stopped before its end. What was paid is in the store: the same call continues from there. */
export class ProfileRunError extends ModelCallError {
  /** The outcome of the run so far. */
  readonly report: ProfileReport;

  constructor({ reason, message, status }: ModelCallError, report: ProfileReport) {
    const done = report.ok + report.insufficient;
    super(
      reason,
      `${message}. The run stopped with ${done} of ${report.total} profiles; the same run continues from them`,
      status,
    );
    this.name = "ProfileRunError";
    this.report = report;
  }

  static override isInstance(value: unknown): value is ProfileRunError {
    return ModelCallError.isInstance(value) && "report" in value;
  }
}
