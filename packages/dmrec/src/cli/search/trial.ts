import { createHash } from "node:crypto";
import { join } from "node:path";
import type { RunRecord } from "../run/run-record";
import type { Settings } from "./search-space";

/** A trial of a search: settings, and the run that is made from them. */
export interface Trial {
  /** A short hash of everything that decides its result, except for the number of epochs. */
  readonly id: string;
  /** The differences from the settings that the search starts from. */
  readonly settings: Settings;
  readonly record: RunRecord;
}

export function trialOf(settings: Settings, record: RunRecord): Trial {
  const { dataSha256, model, training } = record;
  const { epochs: _, ...shared } = training;
  // The source explains where settings come from.
  const { source: __, ...made } = model;
  return { id: shortHash({ dataSha256, model: made, training: shared }), settings, record };
}

/** The run of a trial in the directory of its search. */
export function trialRun(directory: string, { id }: Trial): string {
  return join(directory, "trials", id);
}

/** A short hash of an object's values. It does not depend on the order of keys. */
function shortHash(value: object): string {
  return createHash("sha256").update(JSON.stringify(value, sortedKeys)).digest("hex").slice(0, 8);
}

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
