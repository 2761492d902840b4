import { join } from "node:path";
import type { SplitDataset } from "@dmrec/core";
import { fingerprint } from "@dmrec/data";
import { z } from "zod";
import type { ComparisonPlan } from "../../app/resolve-plan";
import type { CompareFlags } from "../compare-flags";
import type { DataFlags } from "../comparison-data";
import { readRecordFile, writeRecordFile } from "./record-file";
import { withoutModelFlags } from "./without-model-flags";

/** Everything that a comparison was made from, so that its models and its data are found by its directory. JSON. */
export interface ComparisonRecord {
  /** The flags that read the data. The folder is an absolute path; without one it is the synthetic catalogue. */
  readonly data: DataFlags;
  /** The fingerprint of the data. */
  readonly dataSha256: string;
  readonly plan: ComparisonPlan;
}

const format = "dmrec-comparison-1";

const isObject = (value: unknown) => typeof value === "object" && value !== null;

const recordSchema = z.object({
  format: z.literal(format),
  data: z.custom<DataFlags>(isObject),
  dataSha256: z.string(),
  plan: z.custom<ComparisonPlan>((value) => isObject(value) && "models" in value && "training" in value),
});

/** The record of a comparison that these flags start. */
export function recordComparison(
  flags: CompareFlags,
  data: SplitDataset,
  plan: ComparisonPlan,
): ComparisonRecord {
  const { models, runs, fresh, user, text, serve, json, ...reading } = withoutModelFlags(flags);
  return {
    data: reading,
    dataSha256: fingerprint(data),
    plan,
  };
}

function comparisonFile(directory: string): string {
  return join(directory, "comparison.json");
}

/** @throws FileError if it cannot be written. */
export function writeComparisonRecord(directory: string, record: ComparisonRecord): Promise<void> {
  return writeRecordFile(comparisonFile(directory), { format, ...record });
}

/**
 * Reads the record of a comparison; undefined if the directory has none.
 *
 * @throws FileError if it cannot be read or is damaged.
 */
export async function readComparisonRecord(directory: string): Promise<ComparisonRecord | undefined> {
  const remedy = "run the same dmrec compare command again";
  const read = await readRecordFile(comparisonFile(directory), recordSchema, remedy);
  if (!read) return undefined;
  const { format: _, ...record } = read;
  return record;
}
