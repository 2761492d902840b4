import { z } from "zod";
import { modelCallFailures } from "../calls/model-call-error";
import type { ProfileRequest } from "../calls/profile-request";
import { profileRecordSchema, type TokenUsage, tokenUsageSchema } from "../store/profile-record";

/** A profile to make, as it lies in the queue; its id is the key of the request. */
export interface ProfileJob {
  readonly request: ProfileRequest;
  readonly maximumReasks: number;
  /** The most tokens that all calls of the job may take together. */
  readonly allowed: TokenUsage;
  /** What workers that had the job before have spent on it. */
  readonly spent?: JobSpending;
}

export interface JobSpending {
  /** Calls that were answered. */
  readonly calls: number;
  /** What they took, and the most that calls without an answer may have taken. */
  readonly usage: TokenUsage;
}

export const jobOutcomeSchema = z.object({
  result: z.discriminatedUnion("ok", [
    z.object({ ok: z.literal(true), record: profileRecordSchema }),
    z.object({
      ok: z.literal(false),
      reason: z.enum(modelCallFailures),
      message: z.string(),
      status: z.int().optional(),
    }),
  ]),
  /** Calls that were answered. */
  calls: z.int(),
  /** What they took, and the most that calls without an answer may have taken. */
  usage: tokenUsageSchema,
});

/** What came of a job. */
export type JobOutcome = z.output<typeof jobOutcomeSchema>;
