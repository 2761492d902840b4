import type { z } from "zod";
import { checkOptions, describeIssue } from "./option-issue";

/**
 * Checks a value that was read from a file of this project. Its caller names the file and what to do about it.
 *
 * @throws TypeError saying what is wrong first: `model.name: missing; expected a text`.
 */
export function parseStored<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const checked = checkOptions(schema, value);
  if (checked.success) return checked.data;
  throw new TypeError(describeIssue(checked.issues[0]));
}
