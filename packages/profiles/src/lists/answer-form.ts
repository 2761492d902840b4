import { z } from "zod";
import type { Profile, ProfileSchema } from "../profile";

/** The form of an answer that is no profile, such as the numbers of some items. */
export interface AnswerForm<Answer> {
  /**
   * The schema for a run. The answer is the summary of a profile, as JSON, because everything between a prompt and the
   * store handles profiles.
   */
  readonly schema: ProfileSchema;
  /** The answer in a profile of that schema; `undefined` for a subject without one. */
  readonly read: (profile: Profile | undefined) => Answer | undefined;
}

export function answerForm<Answer>(answer: z.ZodType<Answer>): AnswerForm<Answer> {
  return {
    schema: answer.transform((value) => ({
      sufficient: true,
      summary: JSON.stringify(value),
      reasoning: "",
    })),
    read: (profile) => (profile?.status === "ok" ? answer.parse(JSON.parse(profile.summary)) : undefined),
  };
}

/** The forms of answers about lists, one for each length. */
export function formsByLength<Answer>(
  formOf: (length: number) => z.ZodType<Answer>,
): (length: number) => AnswerForm<Answer> {
  const forms = new Map<number, AnswerForm<Answer>>();
  return (length) => {
    const form = forms.get(length) ?? answerForm(formOf(length));
    forms.set(length, form);
    return form;
  };
}

/** The number of one of `length` items, counted from 1. */
export function itemNumber(length: number): z.ZodType<number> {
  // No keywords of the JSON schema, which some providers refuse.
  return z.number().refine((value) => Number.isInteger(value) && value >= 1 && value <= length, {
    error: `must be a whole number from 1 to ${length}`,
  });
}
