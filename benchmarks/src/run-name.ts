import { createHash } from "node:crypto";

/** Names a run's directory by all that makes the run: with other flags it neither finds its results nor overwrites them. */
export function runName(model: string, seed: number, made: object): string {
  return `${model}-${seed}-${shortHash(made)}`;
}

/** The same for objects of the same values, in whatever order they were put. */
export function shortHash(value: object): string {
  return createHash("sha256").update(JSON.stringify(value, sortedKeys)).digest("hex").slice(0, 8);
}

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
