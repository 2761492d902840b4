import { z } from "zod";

/** What is said about a user or an item, or that the data does not suffice to say anything. */
export type Profile =
  | { readonly status: "ok"; readonly summary: string; readonly reasoning: string }
  | { readonly status: "insufficient"; readonly reasoning: string };

/** A language model's answer, the form that it is asked for. */
export interface ProfileReply {
  /** False where the data does not suffice; `summary` is null then. */
  readonly sufficient: boolean;
  readonly summary: string | null;
  readonly reasoning: string;
}

/** A schema of structured output; further fields are kept with the raw reply alone. */
export type ProfileSchema = z.ZodType<ProfileReply>;

export interface ProfileLimits {
  /** Characters; default 1,200. */
  readonly maximumSummaryLength?: number;
  /** Characters; default 600. */
  readonly maximumReasoningLength?: number;
}

/**
 * The structured output that profiles are asked for: a summary of bounded length and a short reasoning.
 *
 * The bounds stand in the descriptions and are checked here, but are no keywords of the JSON schema, which some providers
 * refuse.
 */
export function profileSchema({
  maximumSummaryLength = 1200,
  maximumReasoningLength = 600,
}: ProfileLimits = {}): ProfileSchema {
  const text = (maximum: number) =>
    z.string().refine((value) => value.trim() !== "" && value.length <= maximum, {
      error: `must have 1 to ${maximum} characters`,
    });
  return z
    .strictObject({
      sufficient: z.boolean().describe("Whether the data suffices to say anything."),
      summary: text(maximumSummaryLength)
        .nullable()
        .describe(
          `The profile, at most ${maximumSummaryLength} characters; null if the data does not suffice.`,
        ),
      reasoning: text(maximumReasoningLength).describe(
        `What in the data the profile rests on, at most ${maximumReasoningLength} characters.`,
      ),
    })
    .refine(({ sufficient, summary }) => sufficient === (summary !== null), {
      error: "must be null just where `sufficient` is false",
      path: ["summary"],
    });
}

export function profileOfReply({ summary, reasoning }: ProfileReply): Profile {
  return summary === null
    ? { status: "insufficient", reasoning }
    : { status: "ok", summary: summary.trim(), reasoning };
}
