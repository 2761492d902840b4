import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { FileError, InvalidDataError, type OpenRecommender, type SplitDataset } from "@dmrec/core";
import { fingerprint } from "@dmrec/data";
import { loadTfIdfEncoder } from "@dmrec/encoders";
import { createTrainer, type EngineChoice } from "@dmrec/trainer";
import type { ModelZoo } from "../../zoo/model-zoo";
import { type ComparisonData, comparisonData, type TrainedData } from "../comparison-data";
import type { Print } from "../print";
import { fittedEncoder, isPretrained, type ProfileEncoder } from "../profile-encoder";
import { findInside } from "./find-inside";
import { readEmbeddings } from "./kept-encoder";
import { type RunRecord, readRunRecord, runFiles } from "./run-record";

/** A trained run with its data. The caller closes the model. */
export interface OpenRun {
  readonly directory: string;
  readonly record: RunRecord;
  readonly data: SplitDataset;
  /** The encoder of the data's profiles, if they were embedded here. */
  readonly encoder?: ProfileEncoder;
  readonly model: OpenRecommender;
}

export interface OpenRunOptions {
  readonly zoo: ModelZoo;
  readonly engine: EngineChoice;
  /** The folder of the data, if it is no longer where the run recorded it. */
  readonly data?: string | undefined;
  readonly print: Print;
}

/**
 * Opens the model of a run on the data that it was trained on.
 *
 * @throws FileError if the directory is no run, the run is not trained to the end, or a file of it is damaged.
 * @throws InvalidDataError if the data cannot be read or is other data.
 */
export async function openRun(directory: string, options: OpenRunOptions): Promise<OpenRun> {
  const { zoo, engine, print } = options;
  const record = await trainedRun(directory);
  const { data, encoder } = await runData(directory, record, options.data, print);
  const trainer = await createTrainer({ ...record.training, ...record.model.training, engine });
  const { weights } = runFiles(directory);
  const remedy = "run the same dmrec train command again, which writes it again";
  const model = await trainer
    .open(zoo.make(record.model, data), { data, weights })
    .catch((cause: unknown) => damaged(weights, cause, remedy));
  return { directory, record, data, ...(encoder && { encoder }), model };
}

/** @throws FileError if the directory is no run, or the run is not trained to the end. */
export async function trainedRun(directory: string): Promise<RunRecord> {
  const record = await readRunRecord(directory);
  if (!record) {
    throw new FileError(directory, `is no run; ${await runAdvice(directory)}`);
  }
  if (!existsSync(runFiles(directory).weights))
    throw new FileError(
      directory,
      "is not trained to the end; run the same dmrec train command again, which continues it",
    );
  return record;
}

/** Advice to name another directory than one that is no run. */
async function runAdvice(directory: string): Promise<string> {
  if (!existsSync(directory)) return `make one with: dmrec train --data DIR --out ${directory}`;
  const inside = await findInside(directory, ["run.json"]);
  if (inside !== undefined) return `name one of the runs in it, such as ${inside}`;
  return "it has no run.json; name the folder that dmrec train --out made, such as runs/first";
}

/** The part of a record that says which data it was made from. */
export type DataRecord = Pick<RunRecord, "data" | "dataSha256" | "embeddingsFolder">;

/**
 * The data that a run or a comparison was made for.
 *
 * @param folder Its place, if it is no longer where the run recorded it.
 * @throws FileError if it is gone.
 * @throws InvalidDataError if it cannot be read or is other data.
 */
export async function runData(
  directory: string,
  record: DataRecord,
  folder: string | undefined,
  print: Print,
): Promise<ComparisonData> {
  const flags = folder === undefined ? record.data : { ...record.data, data: resolve(folder) };
  const place = flags.data;
  if (place !== undefined && !existsSync(place))
    throw new FileError(place, `is gone; ${directory} was trained on it: name its new place with --data DIR`);
  const found = await comparisonData(flags, print, await trainedData(directory, record));
  const actual = fingerprint(found.data);
  if (actual === record.dataSha256) return found;
  throw new InvalidDataError({
    source: place ?? "the synthetic catalogue",
    actual: `data with the fingerprint ${actual.slice(0, 12)}`,
    expected: `${record.dataSha256.slice(0, 12)}, the data that ${directory} was trained on; the data has changed, so train a new run on it, or name a folder with the data as it was with --data DIR`,
  });
}

/** The encoder and embeddings of the training, so that no command makes them a second time. A run on given embeddings has none. */
async function trainedData(directory: string, { data, embeddingsFolder }: DataRecord): Promise<TrainedData> {
  if (isPretrained(data.encoder)) {
    const profileEmbeddings =
      embeddingsFolder === undefined ? undefined : await readEmbeddings(join(directory, embeddingsFolder));
    return { encoder: undefined, profileEmbeddings };
  }
  const { encoder: file } = runFiles(directory);
  if (!existsSync(file)) return { encoder: undefined, profileEmbeddings: undefined };
  const remedy = "remove it, and the encoder is fitted again on the data";
  const encoder = await loadTfIdfEncoder(file).catch((cause: unknown) => damaged(file, cause, remedy));
  return { encoder: fittedEncoder(encoder, "the run's encoder"), profileEmbeddings: undefined };
}

/** Says what to do about a file of the run. @throws FileError, or the cause if it is not about the file. */
export function damaged(file: string, cause: unknown, remedy: string): never {
  if (!FileError.isInstance(cause) && !InvalidDataError.isInstance(cause)) throw cause;
  const what = cause.message.replace(file, "").replace(/^[:,] /, "");
  throw new FileError(file, `is damaged (${what}); ${remedy}`, { cause });
}
