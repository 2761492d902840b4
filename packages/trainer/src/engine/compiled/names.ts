import type { NamedArrays } from "../../artifacts/safetensors";

/** The names by which the graphs of a model know their inputs and outputs. */
export const graphNames = {
  parameter: (name: string) => `variable.${name}`,
  prepared: (name: string) => `prepared.${name}`,
  term: (name: string) => `loss.${name}`,
  /** An output: the next value of the input of this name. */
  next: (name: string) => `next.${name}`,
  /** An output: the gradient of a table of items, of which the step has some rows. */
  gradient: (name: string) => `gradient.${name}`,
  host: (request: number) => `host.${request}`,
  reported: (request: number) => `reported.${request}`,
  batch: (field: string) => `batch.${field}`,
  rate: "adam.rate",
  offset: "adam.offset",
  scores: "scores",
  excluded: (field: "rows" | "items") => `excluded.${field}`,
  best: "best.values",
  bestPlaces: "best.places",
  totals: "totals",
} as const;

/** The same values under the names that a graph has for them. */
export function renamed<Named>(
  values: Readonly<Record<string, Named>>,
  nameInGraph: (name: string) => string,
): Readonly<Record<string, Named>> {
  const entries = Object.entries(values).map(([name, value]) => [nameInGraph(name), value] as const);
  return Object.fromEntries(entries);
}

/** Arrays of parameters as inputs of a graph. */
export function parameterInputs(arrays: NamedArrays): Readonly<Record<string, Float32Array>> {
  const values = Object.entries(arrays).map(([name, { values }]) => [name, values] as const);
  return renamed(Object.fromEntries(values), graphNames.parameter);
}
