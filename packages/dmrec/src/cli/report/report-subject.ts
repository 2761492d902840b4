import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { causeMessage, FileError, parseStored } from "@dmrec/core";
import { z } from "zod";
import type { PlannedTraining } from "../../app/resolve-plan";
import type { ResolvedModel } from "../../zoo/model-zoo";
import { readComparisonRecord } from "../run/comparison-record";
import { findInside } from "../run/find-inside";
import { type DataRecord, trainedRun } from "../run/open-run";
import { runFiles } from "../run/run-record";
import type { TrainingFacts } from "./report-facts";

/** A run or a comparison: the models to report on and their directories. */
export interface ReportSubject extends DataRecord {
  readonly kind: "run" | "comparison";
  readonly directory: string;
  readonly training: PlannedTraining;
  readonly models: readonly TrainedModel[];
}

/** A model with the directory of its manifest, its log and its weights. */
export interface TrainedModel {
  readonly directory: string;
  readonly model: ResolvedModel;
}

/**
 * Finds out what a directory holds.
 *
 * @throws FileError if it is neither a run nor a comparison, or is not trained to the end.
 */
export async function reportSubject(directory: string): Promise<ReportSubject> {
  const comparison = await readComparisonRecord(directory);
  if (!comparison) {
    if (!existsSync(runFiles(directory).record)) {
      const inside = await findInside(directory, ["comparison.json", "run.json"]);
      const advice = inside
        ? `name one of those in it, such as ${inside}`
        : "make one with: dmrec train --data DIR --out RUN, or dmrec compare --data DIR";
      throw new FileError(directory, `is neither a run nor a comparison; ${advice}`);
    }
    const { model, ...record } = await trainedRun(directory);
    return { kind: "run", directory, ...record, models: [{ directory, model }] };
  }
  const { data, dataSha256, plan } = comparison;
  const models = plan.models.map((model) => ({ directory: join(directory, model.name), model }));
  const missing = models.find((trained) => !existsSync(runFiles(trained.directory).weights));
  if (missing)
    throw new FileError(
      directory,
      `is not finished: ${missing.model.name} is not trained to the end; run the same dmrec compare command again, which continues it`,
    );
  return { kind: "comparison", directory, data, dataSha256, training: plan.training, models };
}

const manifestSchema = z.object({
  writtenAt: z.string(),
  engine: z.object({ name: z.string(), backend: z.string() }),
  versions: z.record(z.string(), z.string()),
  results: z.object({
    stopped: z.string(),
    epochs: z.number(),
    bestEpoch: z.number(),
    bestMetrics: z.record(z.string(), z.number()),
    secondsPerEpoch: z.number(),
  }),
});

/**
 * Reads from the manifest of a run how it was trained, and its metrics on the validation part.
 *
 * @throws FileError if it is absent or damaged.
 */
export async function readManifest(
  directory: string,
): Promise<{ readonly training: TrainingFacts; readonly validation: Readonly<Record<string, number>> }> {
  const file = join(directory, "manifest.json");
  try {
    const { engine, results, ...manifest } = parseStored(
      manifestSchema,
      JSON.parse(await readFile(file, "utf8")),
    );
    const { bestMetrics, ...training } = results;
    return {
      training: { ...manifest, ...training, engine: `${engine.name}, ${engine.backend}` },
      validation: bestMetrics,
    };
  } catch (cause) {
    const message = `cannot be read (${causeMessage(cause)}); run the command that trained it again`;
    throw new FileError(file, message, { cause });
  }
}
