import { createHash } from "node:crypto";

/** Names a run's directory by everything that determines the run, so runs with other flags neither find nor overwrite its results. */
export function runName(model: string, seed: number, made: object): string {
  return `${model}-${seed}-${shortHash(made)}`;
}

/** A short hash of an object's values. It does not depend on the order of keys. */
export function shortHash(value: object): string {
  return createHash("sha256").update(JSON.stringify(value, sortedKeys)).digest("hex").slice(0, 8);
}

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
