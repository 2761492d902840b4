import { readFileSync } from "node:fs";

/**
 * The defaults that the comments of a file's options state, by the name of the option. Those in words are left out.
 *
 * @example
 * const defaults = documentedDefaults(new URL("kar.ts", import.meta.url)); // { hiddenDimension: 128, … }
 */
export function documentedDefaults(file: URL): Readonly<Record<string, unknown>> {
  const options = readFileSync(file, "utf8").matchAll(
    /@default (.+?) *(?:\*\/|\n[\s*]*\*\/)\s*readonly (\w+)\?/g,
  );
  return Object.fromEntries(
    Array.from(options, ([, text, name]) => [name, parsed(text)] as const).filter(
      ([, value]) => value !== undefined,
    ),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
