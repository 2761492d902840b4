import type { z } from "zod";
import { DMRecError, hasErrorCode } from "./dmrec-error";
import { checkOptions, describeIssue, type OptionIssue } from "./option-issue";

/** Options that are out of range or of the wrong type, each with its path. */
export class InvalidOptionsError extends DMRecError {
  /** The function that was called with these options, e.g. `multVae`. */
  readonly owner: string;
  readonly issues: readonly OptionIssue[];

  constructor(owner: string, issues: readonly OptionIssue[]) {
    super("invalid-options", `${owner}: ${issues.map(describeIssue).join("; ")}`);
    this.name = "InvalidOptionsError";
    this.owner = owner;
    this.issues = issues;
  }

  static override isInstance(value: unknown): value is InvalidOptionsError {
    return hasErrorCode(value, "invalid-options");
  }
}

/**
 * The error for one wrong option.
 *
 * @param path The function and the option, e.g. `lDiffRec.clusters`.
 */
export function invalidOption(path: string, message: string): InvalidOptionsError {
  const [owner, ...option] = path.split(".");
  return new InvalidOptionsError(owner, [{ path: option.join("."), message }]);
}

/**
 * Checks options at the edge and fills in defaults.
 *
 * @throws InvalidOptionsError naming every option that does not fit.
 */
export function parseOptions<Schema extends z.ZodType>(
  owner: string,
  schema: Schema,
  options: z.input<Schema>,
): z.output<Schema> {
  const result = checkOptions(schema, options);
  if (result.success) return result.data;
  throw new InvalidOptionsError(owner, result.issues);
}
