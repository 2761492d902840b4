import { z } from "zod";

/** A column of the table of items: facts that recommendations are filtered by. */
export type ItemColumn =
  | {
      readonly kind: "numbers";
      /** `[items]`: null for an item without a number. */
      readonly values: readonly (number | null)[];
    }
  | {
      readonly kind: "texts";
      /** The different texts of the column. */
      readonly texts: readonly string[];
      /** `[items]`: indices of the item's texts, such as its genres. */
      readonly values: readonly (readonly number[])[];
    };

/** Columns by name. */
export type ItemColumns = Readonly<Record<string, ItemColumn>>;

/** Checks columns that were read from a file. */
export const itemColumnsSchema: z.ZodType<ItemColumns> = z.record(
  z.string(),
  z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("numbers"), values: z.array(z.number().nullable()) }),
    z.object({
      kind: z.literal("texts"),
      texts: z.array(z.string()),
      values: z.array(z.array(z.int().nonnegative())),
    }),
  ]),
);

/** Columns and their kinds for people: `genres (texts), year (numbers)`. */
export function describeItemColumns(columns: ItemColumns): string {
  return Object.entries(columns)
    .map(([name, { kind }]) => `${name} (${kind})`)
    .join(", ");
}
