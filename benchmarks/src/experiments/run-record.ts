import { mkdir, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { InvalidDataError } from "@dmrec/core";
import { replaceFile } from "@dmrec/core/files";
import { z } from "zod";

/** Everything that tables and figures need of a run, as JSON. */
export const runRecordSchema = z.object({
  version: z.literal(1),
  seed: z.int(),
  /** The model and its differences from the published settings. */
  model: z.record(z.string(), z.unknown()),
  /** The data of the folder, also if the run's profiles are exchanged. */
  data: z.object({ name: z.string(), fingerprint: z.string() }),
  /** The commit of the program; null outside of a repository. */
  commit: z.string().nullable(),
  engine: z.string(),
  /** Means on the test part, by `<metric>@<cut-off>`. */
  metrics: z.record(z.string(), z.number()),
  /** Values by evaluated user. */
  perUser: z.record(z.string(), z.array(z.number())),
  /** The training interactions of each evaluated user. */
  userActivity: z.array(z.int().nonnegative()),
  epochs: z.int(),
  bestEpoch: z.int(),
  secondsPerEpoch: z.number(),
  /** The validation part after some epochs, with the seconds of training until then. */
  curve: z.array(z.object({ epoch: z.int(), seconds: z.number(), recall: z.number() })),
  /** Var over users of E[z_d] by dimension; absent for models without a latent distribution. */
  activity: z.array(z.number()).optional(),
});
export type RunRecord = z.output<typeof runRecordSchema>;

/** The data of a record. */
export type RecordedData = RunRecord["data"];

/** The ending of records' files, which are compressed: a run's JSON takes 70 kB for 2,000 users, its file 20 kB. */
export const recordEnding = ".json.gz";

/** Writes a record, whole or not at all. */
export async function writeRecord(file: string, record: RunRecord): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await replaceFile(file, gzipSync(JSON.stringify(record)));
}

/** The record in a file; undefined if there is none, or none that is whole. */
export async function readRecord(file: string): Promise<RunRecord | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch {
    return undefined;
  }
  try {
    return runRecordSchema.parse(JSON.parse(gunzipSync(bytes).toString()));
  } catch {
    // A record that is cut off, as in a copy that was interrupted, is made again from the run's checkpoint.
    return undefined;
  }
}

/** The data of the first record of a folder; undefined if there is none. */
export async function recordedData(folder: string): Promise<RecordedData | undefined> {
  for await (const [, record] of recordsIn(folder)) return record.data;
  return undefined;
}

/**
 * Checks that all records of a folder are of the same data.
 *
 * @throws InvalidDataError that names the first record of other data.
 */
export async function assertRecordsOf(data: RecordedData, folder: string): Promise<void> {
  const shown = ({ name, fingerprint }: RecordedData) => `"${name}" (${fingerprint.slice(0, 12)})`;
  for await (const [file, record] of recordsIn(folder))
    if (record.data.fingerprint !== data.fingerprint)
      throw new InvalidDataError({
        source: file,
        actual: `is of a run on ${shown(record.data)}`,
        expected: `runs on ${shown(data)}, or another folder by --report`,
      });
}

async function* recordsIn(folder: string): AsyncGenerator<readonly [file: string, record: RunRecord]> {
  let names: readonly string[];
  try {
    names = await readdir(folder);
  } catch {
    return;
  }
  for (const name of names.filter((name) => name.endsWith(recordEnding)).sort()) {
    const file = join(folder, name);
    const record = await readRecord(file);
    if (record) yield [file, record];
  }
}
