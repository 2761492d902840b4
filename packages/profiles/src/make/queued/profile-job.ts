import { z } from "zod";
import { modelCallFailures } from "../../calls/model-call-error";
import { type TokenUsage, tokenUsageSchema } from "../../calls/token-usage";
import { profileRecordSchema } from "../../profile-record";
import type { ProfileRequest } from "../profile-request";

/** A profile to make, as stored in the queue. The id of the job is the key of the request. */
export interface ProfileJob {
  readonly request: ProfileRequest;
  readonly maxReasks: number;
  /** The most tokens that all calls of the job may take together. */
  readonly allowed: TokenUsage;
  /** The spending of earlier workers on this job. */
  readonly spent?: JobSpending;
}

export interface JobSpending {
  /** Answered calls. */
  readonly calls: number;
  /** The tokens of answered calls, and the most that calls without an answer may have taken. */
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
  /** Answered calls. */
  calls: z.int(),
  /** The tokens of answered calls, and the most that calls without an answer may have taken. */
  usage: tokenUsageSchema,
});

/** The outcome of a job. */
export type JobOutcome = z.output<typeof jobOutcomeSchema>;
