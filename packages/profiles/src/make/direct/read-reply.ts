import { checkOptions, type OptionIssue } from "@dmrec/core";
import type { z } from "zod";
import { type Profile, type ProfileSchema, toProfile } from "../../profile";

/** The profile in a reply, or the fault of the reply in words for the model. */
export type ReadReply =
  | { readonly ok: true; readonly profile: Profile }
  | { readonly ok: false; readonly problem: string };

/** Reads a model's reply: JSON, also in a code fence. Drops fields that were not requested. */
export function readReply(text: string, schema: ProfileSchema): ReadReply {
  if (text.trim() === "") return { ok: false, problem: "The reply was empty." };
  const parsed = parseJson(withoutFence(text));
  if (parsed === undefined) return { ok: false, problem: "The reply was not a JSON object alone." };
  const result = parseWithExtras(schema, parsed);
  if (!result.success)
    return { ok: false, problem: `The reply did not fit the schema: ${sentence(result.issues)}.` };
  return { ok: true, profile: toProfile(result.data) };
}

/** Parses a value; if only its unknown fields are wrong, parses it without them. */
function parseWithExtras<Schema extends z.ZodType>(schema: Schema, value: unknown) {
  const result = schema.safeParse(value);
  if (result.success) return result;
  const extras = result.error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys" ? issue.keys.map((key) => pathOf([...issue.path, key])) : [],
  );
  return checkOptions(schema, extras.length === 0 ? value : withoutFields(value, new Set(extras)));
}

function sentence(issues: readonly OptionIssue[]): string {
  return issues.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join("; ");
}

const pathOf = (path: readonly PropertyKey[]) => JSON.stringify(path.map(String));

/** A copy of JSON without the fields at some paths. */
function withoutFields(
  value: unknown,
  paths: ReadonlySet<string>,
  path: readonly PropertyKey[] = [],
): unknown {
  if (Array.isArray(value)) return value.map((entry, index) => withoutFields(entry, paths, [...path, index]));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !paths.has(pathOf([...path, key])))
      .map(([key, entry]) => [key, withoutFields(entry, paths, [...path, key])]),
  );
}

function withoutFence(text: string): string {
  return /^\s*```(?:json)?\s*\n([\s\S]*?)\n?\s*```\s*$/i.exec(text)?.[1] ?? text;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, (_, value: unknown) => (typeof value === "string" ? wellFormed(value) : value));
  } catch {
    return undefined;
  }
}

/** Replaces lone surrogates, which UTF-8 cannot store. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\ufffd");
}
