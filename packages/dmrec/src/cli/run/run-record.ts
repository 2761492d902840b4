import { join } from "node:path";
import { z } from "zod";
import type { PlannedTraining } from "../../app/resolve-plan";
import type { ModelTraining } from "../../zoo/model-row";
import type { ResolvedModel } from "../../zoo/model-zoo";
import type { DataFlags } from "../comparison-data";
import { readRecordFile, writeRecordFile } from "./record-file";

/** Everything that a run was made from, so that its model and its data are found by its directory. JSON. */
export interface RunRecord {
  /** The flags that read the data. The folder is an absolute path; without one it is the synthetic catalogue. */
  readonly data: DataFlags;
  /** The fingerprint of the data. */
  readonly dataSha256: string;
  readonly model: ResolvedModel;
  readonly training: PlannedTraining;
  /** The folder of the embeddings that a pretrained encoder made, from the run's directory. Absent if none did. */
  readonly embeddingsFolder?: string;
}

const format = "dmrec-run-1";

const isObject = (value: unknown) => typeof value === "object" && value !== null;

// Flags that a later version adds stay, because they decide what is read.
const dataFlagsSchema = z.looseObject({
  data: z.string().exactOptional(),
  minimumRating: z.number().exactOptional(),
  kCore: z.number(),
  splitScope: z.enum(["per-user", "global"]),
  splitBy: z.enum(["random", "time"]),
  seed: z.number(),
  embeddings: z.enum(["auto", "given", "default"]),
  encoder: z.string().exactOptional(),
}) satisfies z.ZodType<DataFlags>;

const recordSchema = z.object({
  format: z.literal(format),
  data: dataFlagsSchema,
  dataSha256: z.string(),
  model: z.object({
    name: z.string(),
    base: z.string().exactOptional(),
    // Models, strategies and trainers check their own options.
    options: z.custom<object>(isObject),
    matching: z.custom<NonNullable<ResolvedModel["matching"]>>(isObject).exactOptional(),
    training: z.custom<ModelTraining>(isObject),
    source: z.string(),
  }),
  training: z.custom<PlannedTraining>(isObject),
  embeddingsFolder: z.string().exactOptional(),
});

/** The files of a run, beside the trainer's manifest and checkpoints. */
export function runFiles(directory: string) {
  return {
    record: join(directory, "run.json"),
    /** Written when the training has ended. */
    weights: join(directory, "weights.safetensors"),
    /** The encoder of texts, if the profiles were embedded here. */
    encoder: join(directory, "encoder.json"),
  };
}

/**
 * Reads the record of a run; undefined if the directory has none.
 *
 * @throws FileError if it cannot be read or is damaged.
 */
export async function readRunRecord(directory: string): Promise<RunRecord | undefined> {
  const remedy = "train the run again with --fresh";
  const read = await readRecordFile(runFiles(directory).record, recordSchema, remedy);
  if (!read) return undefined;
  const { format: _, ...record } = read;
  return record;
}

/** @throws FileError if it cannot be written. */
export function writeRunRecord(directory: string, record: RunRecord): Promise<void> {
  return writeRecordFile(runFiles(directory).record, { format, ...record });
}
