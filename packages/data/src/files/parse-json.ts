import { causeMessage, InvalidDataError } from "@dmrec/core";

/**
 * Parses JSON. Whole numbers beyond those that JavaScript holds exactly become texts, so that different identifiers stay different.
 *
 * @throws InvalidDataError naming the file and, if it is given, the place in it.
 */
export function parseJson(source: string, text: string, location?: string): unknown {
  try {
    return JSON.parse(withExactIntegers(text));
  } catch (cause) {
    const place = location === undefined ? { source } : { source, location };
    const actual = `no valid JSON (${causeMessage(cause)})`;
    throw new InvalidDataError({ ...place, actual, expected: "JSON", cause });
  }
}

/** The strings and the numbers of JSON. A string comes first, so digits within it are no number. */
const tokens = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** JSON with quotes around the whole numbers that are not safe integers, which have 16 digits or more. */
function withExactIntegers(text: string): string {
  if (!/\d{16}/.test(text)) return text;
  return text.replace(tokens, (token) =>
    /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
  );
}
