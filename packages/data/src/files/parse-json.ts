import { causeMessage, InvalidDataError } from "@dmrec/core";

/** @throws InvalidDataError naming the file and, if it is given, the place in it. */
export function parseJson(source: string, text: string, location?: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const place = location === undefined ? { source } : { source, location };
    const actual = `no valid JSON (${causeMessage(cause)})`;
    throw new InvalidDataError({ ...place, actual, expected: "JSON", cause });
  }
}
