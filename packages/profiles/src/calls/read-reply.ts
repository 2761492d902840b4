import { z } from "zod";
import { type ProfileReply, type ProfileSchema, profileOfReply } from "../profile";

/** A reply as a profile, or what is wrong with it, in words for the model. */
export type ReadReply =
  | { readonly ok: true; readonly profile: ReturnType<typeof profileOfReply> }
  | { readonly ok: false; readonly problem: string };

/** Reads a model's reply: JSON, also in a code fence. */
export function readReply(text: string, schema: ProfileSchema): ReadReply {
  if (text.trim() === "") return { ok: false, problem: "The reply was empty." };
  const parsed = parseJson(withoutFence(text));
  if (parsed === undefined) return { ok: false, problem: "The reply was not a JSON object alone." };
  const result = schema.safeParse(parsed);
  if (!result.success)
    return { ok: false, problem: `The reply did not fit the schema: ${z.prettifyError(result.error)}` };
  const reply: ProfileReply = result.data;
  return { ok: true, profile: profileOfReply(reply) };
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

/** Half a pair of surrogates is no character: what keeps the text as UTF-8 would keep another one. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\ufffd");
}
