import type { z } from "zod";
import { optionMessage } from "./option-message";

/** One thing that is wrong with options. */
export interface OptionIssue {
  /** The option, such as `adam.epsilon`. Empty for the options as a whole. */
  readonly path: string;
  readonly message: string;
  /** The kind of the mistake, for programs that branch on it. */
  readonly code?: "unknown-option";
}

/** The path and the message of an issue. */
export function describeIssue({ path, message }: OptionIssue): string {
  return path === "" ? message : `${path}: ${message}`;
}

/** A checked value, or all that is wrong with it. */
export type CheckedOptions<Output> =
  | { readonly success: true; readonly data: Output }
  | { readonly success: false; readonly issues: readonly OptionIssue[] };

/** Checks a value that may come from anywhere, such as a request, and fills in defaults. Says in sentences what is wrong with it. */
export function checkOptions<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): CheckedOptions<z.output<Schema>> {
  const result = schema.safeParse(value, { error: optionMessage });
  if (result.success) return result;
  const issues = result.error.issues.map(({ path, message, code }): OptionIssue => {
    const located = { path: path.map(String).join("."), message };
    return code === "unrecognized_keys" ? { ...located, code: "unknown-option" } : located;
  });
  return { success: false, issues };
}
