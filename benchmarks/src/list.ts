import { isDeepStrictEqual } from "node:util";
import { z } from "zod";

/** A number of a command line. An empty word is an error, not 0. */
export const number = z
  .string()
  .trim()
  .min(1, "expected a number")
  .pipe(z.coerce.number<string>("expected a number"));

/** A number of a command line from 0 up. */
export const nonnegativeNumber = number.pipe(z.number().nonnegative());

/** A whole number of a command line from 0 up. */
export const integer = number.pipe(z.int().nonnegative());

/** A whole number of a command line from 1 up. */
export const positiveInteger = number.pipe(z.int().positive());

const words = z.string().transform((text, context) => {
  const all = text.split(",").map((word) => word.trim());
  if (all.includes(""))
    context.addIssue(`${JSON.stringify(text)} has an empty word; expected words with commas between them`);
  return all;
});

/** A comma-separated list of a command line. Each part is checked and kept once. */
export function list<Part extends z.ZodType<unknown, string>>(part: Part) {
  return words
    .pipe(z.array(part))
    .transform((parts) =>
      parts.filter((part, index) => parts.findIndex((other) => isDeepStrictEqual(part, other)) === index),
    );
}

/** Numbers by name, e.g. `godm=0.2,mddm=0.5`. */
export function numbersOf<Name extends string>(names: z.ZodType<Name>, value: z.ZodType<number>) {
  return words.transform((pairs, context): Partial<Record<Name, number>> => {
    const numbers: Partial<Record<Name, number>> = {};
    for (const pair of pairs) {
      const [, word = "", text = ""] = /^([^=]+)=([^=]+)$/.exec(pair) ?? [];
      const [name, weight] = [names.safeParse(word.trim()), value.safeParse(text)];
      if (name.success && weight.success && !(name.data in numbers)) {
        numbers[name.data] = weight.data;
      } else {
        const message = `${JSON.stringify(pair)}: expected NAME=NUMBER, each name once`;
        const reasons = [name, weight].flatMap(
          ({ error }) => error?.issues.map((issue) => issue.message) ?? [],
        );
        context.addIssue([message, ...(word === "" ? [] : reasons)].join("; "));
      }
    }
    return numbers;
  });
}
