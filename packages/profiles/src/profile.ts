import type { Profile } from "@dmrec/core";
import { parseOptions } from "@dmrec/core";
import { z } from "zod";

export type { Profile };

/** The profile of a subject about which the data says nothing. */
export const unknownProfile: Profile = {
  status: "insufficient",
  reasoning: "Nothing is known that a profile could rest on.",
};

/** The structured output of a language model. */
export interface ProfileReply {
  /** False if the data does not suffice; `summary` is null then. */
  readonly sufficient: boolean;
  readonly summary: string | null;
  readonly reasoning: string;
}

/** A schema of structured output. Further fields are kept in the raw reply only. */
export type ProfileSchema = z.ZodType<ProfileReply>;

export interface ProfileLimits {
  /**
   * The most characters of the summary.
   *
   * @default 1200
   */
  readonly maxSummaryLength?: number | undefined;
  /**
   * The most characters of the reasoning.
   *
   * @default 600
   */
  readonly maxReasoningLength?: number | undefined;
}

const limitsSchema = z.strictObject({
  maxSummaryLength: z.int().positive().default(1200),
  maxReasoningLength: z.int().positive().default(600),
});

/**
 * The default schema of structured output: a summary of bounded length and a short reasoning.
 *
 * The bounds are in the descriptions and checked here, but are no keywords of the JSON schema, which some providers
 * refuse.
 *
 * @throws InvalidOptionsError
 * @example
 * await generateItemProfiles({ model, store, items, schema: profileSchema({ maxSummaryLength: 600 }) });
 */
export function profileSchema(limits: ProfileLimits = {}): ProfileSchema {
  const { maxSummaryLength, maxReasoningLength } = parseOptions("profileSchema", limitsSchema, limits);
  return consistent(
    z.strictObject({
      ...conclusion(maxSummaryLength),
      reasoning: boundedText(maxReasoningLength).describe(
        `What in the data the profile rests on, at most ${maxReasoningLength} characters.`,
      ),
    }),
  );
}

/** The schema of a profile that a model concludes from a chain of thought, which comes first. */
export function reasonedProfileSchema(): ProfileSchema {
  const [maxReasoningLength, maxSummaryLength] = [1600, 1200];
  return consistent(
    z.strictObject({
      reasoning: boundedText(maxReasoningLength).describe(
        `The steps of the reasoning, at most ${maxReasoningLength} characters.`,
      ),
      ...conclusion(maxSummaryLength),
    }),
  );
}

function conclusion(maxSummaryLength: number) {
  return {
    sufficient: z.boolean().describe("Whether the data suffices to say anything."),
    summary: boundedText(maxSummaryLength)
      .nullable()
      .describe(`The profile, at most ${maxSummaryLength} characters; null if the data does not suffice.`),
  };
}

function boundedText(maximum: number) {
  return z.string().refine((value) => value.trim() !== "" && value.length <= maximum, {
    error: `must have 1 to ${maximum} characters`,
  });
}

function consistent(schema: ProfileSchema): ProfileSchema {
  return schema.refine(({ sufficient, summary }) => sufficient === (summary !== null), {
    error: "must be null just where `sufficient` is false",
    path: ["summary"],
  });
}

export function toProfile({ summary, reasoning }: ProfileReply): Profile {
  return summary === null
    ? { status: "insufficient", reasoning }
    : { status: "ok", summary: summary.trim(), reasoning };
}
