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
