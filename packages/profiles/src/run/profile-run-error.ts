import { ModelCallError } from "../calls/model-call-error";
import type { ProfileReport } from "./profile-report";

/** A run that stopped before its end. What was paid is in the store: the same call goes on from there. */
export class ProfileRunError extends ModelCallError {
  /** What the run came to. */
  readonly report: ProfileReport;

  constructor({ reason, message, status }: ModelCallError, report: ProfileReport) {
    const done = report.ok + report.insufficient;
    super(
      reason,
      `${message}. The run stopped with ${done} of ${report.total} profiles; the same run goes on from them`,
      status,
    );
    this.name = "ProfileRunError";
    this.report = report;
  }

  /** True for a ProfileRunError of any copy of this package. */
  static override isInstance(value: unknown): value is ProfileRunError {
    return ModelCallError.isInstance(value) && "report" in value;
  }
}
