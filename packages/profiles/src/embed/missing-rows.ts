import { InvalidDataError } from "@dmrec/core";
import type { Profile } from "../profile";

/** The treatments of a row without a text: an error before anything is embedded, the mean of the others, or zeros. */
export const missingPolicies = ["error", "mean", "zero"] as const;
export type MissingPolicy = (typeof missingPolicies)[number];

/** A profile, or its text; `undefined` if there is none. */
export type ProfileText = Profile | string | undefined;

/** The text of each row, `undefined` for a row without one. */
export function textsOf(profiles: readonly ProfileText[]): (string | undefined)[] {
  return profiles.map((profile) => {
    const text = typeof profile === "object" && profile.status === "ok" ? profile.summary : profile;
    return typeof text === "string" && text.trim() !== "" ? text : undefined;
  });
}

/** @throws InvalidDataError naming the first rows that cannot be filled. */
export function assertNoGap(
  texts: readonly (string | undefined)[],
  source: string,
  policy: MissingPolicy,
): void {
  const missing = [...texts.keys()].filter((row) => texts[row] === undefined);
  if (missing.length === 0) return;
  const first = missing.slice(0, 5).join(", ");
  const rows = missing.length > 5 ? `${first} and ${missing.length - 5} more` : first;
  const actual = `${missing.length} of ${texts.length} have no text (rows ${rows})`;
  if (policy === "error") {
    const expected = 'a text for each, or missing: "mean" or "zero", which give them the mean or zeros';
    throw new InvalidDataError({ source, actual, expected });
  }
  if (policy === "mean" && missing.length === texts.length)
    throw new InvalidDataError({ source, actual, expected: "at least one text, to take the mean of" });
}

/** The mean of some embeddings, `[width]`. */
export function meanOf(embeddings: readonly Float32Array[], width: number): Float32Array {
  const sums = new Float64Array(width);
  for (const embedding of embeddings)
    for (const [column, value] of embedding.entries()) sums[column] += value;
  return Float32Array.from(sums, (sum) => sum / embeddings.length);
}
