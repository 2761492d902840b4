import { z } from "zod";
import { tokenUsageSchema } from "./calls/token-usage";

export const profileValueSchema = z.discriminatedUnion("status", [
  z.object({ status: z.literal("ok"), summary: z.string(), reasoning: z.string() }),
  z.object({ status: z.literal("insufficient"), reasoning: z.string() }),
]);

export const profileRecordSchema = z.object({
  profile: profileValueSchema,
  /** The reply as it came, without keys. */
  rawReply: z.string(),
  /** The provider and name of the model. */
  model: z.string(),
  /** The tokens of all calls for this profile, including those whose reply did not fit. */
  usage: tokenUsageSchema,
  calls: z.int(),
  /** Seconds that the calls took. */
  seconds: z.number(),
  /** The time of completion, ISO 8601. */
  time: z.string(),
});

/** A validated profile with its cost. */
export type ProfileRecord = z.output<typeof profileRecordSchema>;
