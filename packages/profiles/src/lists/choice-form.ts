import { z } from "zod";
import { formsByLength, itemNumber } from "./answer-form";

/** The numbers of two different candidates of a list. */
export const choiceForms = formsByLength((count) =>
  z
    .strictObject({
      liked: itemNumber(count).describe(
        `The number of the candidate that they like most, from 1 to ${count}.`,
      ),
      disliked: itemNumber(count).describe(
        `The number of the candidate that they like least, from 1 to ${count}.`,
      ),
    })
    .refine(({ liked, disliked }) => liked !== disliked, {
      error: "must be another candidate than `liked`",
      path: ["disliked"],
    }),
);
