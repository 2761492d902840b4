import { readFile } from "node:fs/promises";
import { z } from "zod";

/** Everything that tables and figures need of a run, as JSON. */
export const runRecordSchema = z.object({
  version: z.literal(1),
  seed: z.int(),
  /** The model and its differences from the published settings. */
  model: z.record(z.string(), z.unknown()),
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

/** The record in a file; undefined if there is none, or none that is whole. */
export async function readRecord(file: string): Promise<RunRecord | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    return undefined;
  }
  try {
    return runRecordSchema.parse(JSON.parse(text));
  } catch {
    // A record that a power cut left half written is made again from the run's checkpoint.
    return undefined;
  }
}
