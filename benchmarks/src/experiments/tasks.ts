import { join } from "node:path";
import { type AccuracyTask, type EmbeddingSource, taskIn } from "../accuracy-task";
import { shortHash } from "../run-name";
import type { Experiment, Variant } from "./plan";
import { type RunRecord, readRecord, recordEnding } from "./run-record";

export interface TaskOptions {
  /** The folder of the data. */
  readonly folder: string;
  /** The folder of the runs of this data. */
  readonly root: string;
  /** The folder of the finished runs' records. */
  readonly records: string;
  readonly embeddings: EmbeddingSource;
  /** The most seeds of a variant. */
  readonly seeds: number;
  readonly epochs: number;
  readonly threads: number;
}

/** A run of a variant. */
export interface ExperimentTask extends AccuracyTask {
  readonly variant: Variant;
  readonly record: string;
}

const firstSeed = 2024;

/** The runs of some experiments: equal ones once, first seeds first, so that every table soon has a row for each variant. */
export function experimentTasks(experiments: readonly Experiment[], options: TaskOptions): ExperimentTask[] {
  const seedsOf = new Map<string, { readonly variant: Variant; seeds: number }>();
  for (const { variants } of experiments)
    for (const { variant, seeds } of variants) {
      const wanted = Math.min(seeds, options.seeds);
      const known = seedsOf.get(variant.id) ?? { variant, seeds: 0 };
      seedsOf.set(variant.id, { variant, seeds: Math.max(known.seeds, wanted) });
    }
  const tasks = [...seedsOf.values()].flatMap(({ variant, seeds }) =>
    Array.from({ length: seeds }, (_, index) => taskOf(variant, firstSeed + index, options)),
  );
  return tasks.sort((a, b) => a.seed - b.seed);
}

function taskOf(variant: Variant, seed: number, options: TaskOptions): ExperimentTask {
  const { folder, root, records, embeddings, epochs, threads } = options;
  const { model, shuffledProfiles } = variant;
  const task = taskIn(root, {
    label: `${variant.label}, seed ${seed}`,
    folder,
    model,
    embeddings,
    seed,
    epochs,
    part: "test",
    threads,
    ...(shuffledProfiles !== undefined && { shuffledProfiles }),
  });
  const name = `${variant.id.replaceAll("/", "_")}-${seed}-${shortHash({ model, embeddings, epochs, shuffledProfiles })}`;
  return { ...task, variant, record: join(records, `${name}${recordEnding}`) };
}

/** The finished runs by the id of their variant, in the order of seeds. */
export async function readRecords(
  tasks: readonly ExperimentTask[],
): Promise<ReadonlyMap<string, readonly RunRecord[]>> {
  const records = new Map<string, RunRecord[]>();
  for (const { variant, record: file } of tasks) {
    const record = await readRecord(file);
    if (record) records.set(variant.id, [...(records.get(variant.id) ?? []), record]);
  }
  return records;
}

/**
 * The seconds that unfinished runs will take, from the finished ones of the same variant, or of all variants if it has none.
 * Undefined if nothing is finished.
 */
export function remainingSeconds(
  unfinished: readonly ExperimentTask[],
  records: ReadonlyMap<string, readonly RunRecord[]>,
  jobs: number,
): number | undefined {
  const mean = (runs: readonly RunRecord[]) =>
    runs.reduce((sum, { epochs, secondsPerEpoch }) => sum + epochs * secondsPerEpoch, 0) / runs.length;
  const all = [...records.values()].flat();
  if (all.length === 0) return undefined;
  const overall = mean(all);
  const total = unfinished.reduce((sum, { variant }) => {
    const own = records.get(variant.id);
    return sum + (own ? mean(own) : overall);
  }, 0);
  return total / jobs;
}
