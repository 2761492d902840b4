import { z } from "zod";

export const profileValueSchema = z.discriminatedUnion("status", [
  z.object({ status: z.literal("ok"), summary: z.string(), reasoning: z.string() }),
  z.object({ status: z.literal("insufficient"), reasoning: z.string() }),
]);

export const tokenUsageSchema = z.object({ inputTokens: z.number(), outputTokens: z.number() });

/** Tokens that calls took. */
export type TokenUsage = z.output<typeof tokenUsageSchema>;

export const noUsage: TokenUsage = { inputTokens: 0, outputTokens: 0 };

export const profileRecordSchema = z.object({
  profile: profileValueSchema,
  /** The reply as it came, redacted. */
  rawReply: z.string(),
  model: z.string(),
  /** Of all calls that led to the profile, re-asked ones included. */
  usage: tokenUsageSchema,
  calls: z.int(),
  /** Seconds that the calls took. */
  seconds: z.number(),
  /** ISO 8601. */
  time: z.string(),
});

/** A validated profile with what it cost. */
export type ProfileRecord = z.output<typeof profileRecordSchema>;
