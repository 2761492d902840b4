import type { NamedArrays } from "./safetensors";

/** The shapes of arrays by name. */
export type ArrayShapes = ReadonlyMap<string, { readonly shape: readonly number[] }>;

/** The saved arrays that are missing, have another shape than the model's or do not belong to it, each with what is wrong. */
export function wrongArrays(own: ArrayShapes, saved: NamedArrays): string[] {
  const missing = [...own.keys()]
    .filter((name) => !Object.hasOwn(saved, name))
    .map((name) => `"${name}" is missing`);
  const others = Object.entries(saved).flatMap(([name, { shape }]) => {
    const expected = own.get(name)?.shape;
    if (expected === undefined) return [`"${name}" does not belong to it`];
    const [actual, wanted] = [JSON.stringify(shape), JSON.stringify(expected)];
    return actual === wanted ? [] : [`"${name}" has the shape ${actual}; expected ${wanted}`];
  });
  return [...missing, ...others];
}

/** The first problems of a list, for a message. */
export function listed(problems: readonly string[]): string {
  return problems.slice(0, 5).join("; ");
}
