import type { Profile } from "@dmrec/core";
import { z } from "zod";
import { type TokenUsage, tokenUsageSchema } from "./calls/token-usage";

/** A validated profile with its cost. */
export interface ProfileRecord {
  readonly profile: Profile;
  /** The reply as it came, without keys. */
  readonly rawReply: string;
  /** The provider and name of the model. */
  readonly model: string;
  /** The tokens of all calls for this profile, including those whose reply did not fit. */
  readonly usage: TokenUsage;
  /** Answered calls for this profile. */
  readonly calls: number;
  /** Seconds that the calls took. */
  readonly seconds: number;
  /** The time of completion, ISO 8601. */
  readonly time: string;
}

export const profileValueSchema = z.discriminatedUnion("status", [
  z.object({ status: z.literal("ok"), summary: z.string(), reasoning: z.string() }),
  z.object({ status: z.literal("insufficient"), reasoning: z.string() }),
]) satisfies z.ZodType<Profile>;

export const profileRecordSchema = z.object({
  profile: profileValueSchema,
  rawReply: z.string(),
  model: z.string(),
  usage: tokenUsageSchema,
  calls: z.int(),
  seconds: z.number(),
  time: z.string(),
}) satisfies z.ZodType<ProfileRecord>;
