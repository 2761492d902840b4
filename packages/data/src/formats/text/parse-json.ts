import { InvalidDataError } from "@dmrec/core";

/** @throws InvalidDataError naming the file and, where it is given, the place in it. */
export function parseJson(source: string, text: string, location?: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const actual = `no valid JSON (${cause instanceof Error ? cause.message : cause})`;
    const place = location === undefined ? { source } : { source, location };
    throw new InvalidDataError({ ...place, actual, expected: "JSON", cause });
  }
}
