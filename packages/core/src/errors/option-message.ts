import { z } from "zod";

/** The kinds of values that a schema expects, for people. */
const kinds: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  function: "a function",
};

/** The things that the size of a text or a list counts. */
const counted: Readonly<Record<string, string>> = { string: "characters", array: "entries" };

/**
 * Says which value an option had, and what to pass instead: `0; expected a number above 0`. Undefined for an issue that has a message
 * of its own.
 *
 * @internal
 */
export function optionMessage(issue: z.core.$ZodRawIssue): string | undefined {
  const { code, input } = issue;
  switch (code) {
    case "invalid_type":
      return wrong(input, kinds[issue.expected] ?? issue.expected);
    case "too_small": {
      const { minimum, inclusive = true, origin } = issue;
      return wrong(input, sized(origin, inclusive ? `from ${minimum} up` : `above ${minimum}`));
    }
    case "too_big": {
      const { maximum, inclusive = true, origin } = issue;
      return wrong(input, sized(origin, inclusive ? `up to ${maximum}` : `below ${maximum}`));
    }
    case "invalid_value": {
      const values = issue.values.map(shown);
      return wrong(input, values.length === 1 ? values[0] : `one of ${values.join(", ")}`);
    }
    case "unrecognized_keys":
      return unknownKeys(issue.keys, issue.inst);
    case "invalid_union":
      return noAlternative(issue);
    case "custom":
      return wrong(input, "another value");
    default:
      return undefined;
  }
}

type UnionIssue = Extract<z.core.$ZodRawIssue, { readonly code: "invalid_union" }>;

/** The expectation of a union: a value of the field that names its alternatives, or their kinds. */
function noAlternative({ input, errors, discriminator, options }: UnionIssue): string {
  if (typeof discriminator === "string" && Array.isArray(options))
    return wrong(fieldOf(input, discriminator), `one of ${options.map(shown).join(", ")}`);
  const expected = errors.map(([first]) =>
    first?.code === "invalid_type" && first.path.length === 0 ? kinds[first.expected] : undefined,
  );
  const isKnown = expected.length > 0 && !expected.includes(undefined);
  return wrong(input, isKnown ? [...new Set(expected)].join(" or ") : "a value of another form");
}

function fieldOf(value: unknown, name: string): unknown {
  return Object.entries(value ?? {}).find(([key]) => key === name)?.[1];
}

function unknownKeys(keys: readonly string[], schema: unknown): string {
  const unknown = `unknown ${keys.length === 1 ? "option" : "options"} ${keys.map(shown).join(", ")}`;
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  return known.length === 0 ? unknown : `${unknown}; expected one of ${known.join(", ")}`;
}

function wrong(input: unknown, expected: string): string {
  return `${shown(input)}; expected ${expected}`;
}

/** A value of bounded size: a number itself, or the number of characters or entries of a text or a list. */
function sized(origin: string, bounds: string): string {
  const unit = counted[origin];
  if (unit === undefined) return `a number ${bounds}`;
  return `${kinds[origin]} whose number of ${unit} is ${bounds}`;
}

function shown(value: unknown): string {
  if (value === undefined) return "missing";
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value === "function") return "a function";
  return String(value);
}
