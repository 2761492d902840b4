import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  causeMessage,
  type EpochRecord,
  type EvaluationRecord,
  FileError,
  parseStored,
  type TrainingCallbacks,
  type TrainingResult,
} from "@dmrec/core";
import { replaceFile } from "@dmrec/core/files";
import { z } from "zod";

/** A line of the log: the epoch, and what was measured of it by `loss/<term>`, `validation/<metric>` or `test/<metric>`. */
export type MetricsLine = Readonly<Record<string, number> & { epoch: number }>;

const lineSchema = z.object({ epoch: z.number() }).catchall(z.number());

/** The log of a run's losses and metrics, JSON lines that trackers of experiments read. */
export function metricsFile(directory: string): string {
  return join(directory, "metrics.jsonl");
}

/**
 * Logs a training while it goes on. After a crash the log may hold epochs twice, the valid ones last; {@link writeMetrics}
 * writes it in order once the training has ended.
 *
 * @param fresh Begins a new log.
 */
export function metricsLog(directory: string, fresh: boolean): TrainingCallbacks {
  let flag = fresh ? "w" : "a";
  const write = async (line: MetricsLine) => {
    await appendFile(metricsFile(directory), written(line), { flag });
    flag = "a";
  };
  return {
    onEpochEnd: (record) => write(epochLine(record)),
    onEvaluation: (record) => write(evaluationLine(record)),
  };
}

/**
 * Writes the whole log of a training, and the metrics of its best epoch on the test part as the last line.
 *
 * @throws FileError
 */
export async function writeMetrics(
  directory: string,
  { epochHistory, evaluationHistory, bestEpoch }: TrainingResult,
  test: Readonly<Record<string, number>>,
): Promise<void> {
  const measured = [...epochHistory.map(epochLine), ...evaluationHistory.map(evaluationLine)].sort(
    (a, b) => a.epoch - b.epoch,
  );
  const lines = [...measured, { epoch: bestEpoch, ...prefixed("test", test) }];
  await replaceFile(metricsFile(directory), lines.map(written).join(""));
}

/** @throws FileError if the log is absent or damaged. */
export async function readMetrics(directory: string): Promise<MetricsLine[]> {
  const file = metricsFile(directory);
  const lines = await readFile(file, "utf8").then(
    (text) => text.split("\n").filter((line) => line !== ""),
    (cause: unknown) => {
      throw new FileError(file, `cannot be read (${causeMessage(cause)}); ${remedy}`, { cause });
    },
  );
  return lines.map((line, index) => {
    try {
      return parseStored(lineSchema, JSON.parse(line));
    } catch (cause) {
      throw new FileError(file, `is damaged in line ${index + 1} (${causeMessage(cause)}); ${remedy}`, {
        cause,
      });
    }
  });
}

const remedy = "run the command that trained it again, which writes it again";

function epochLine({ epoch, seconds, losses }: EpochRecord): MetricsLine {
  return { epoch, seconds, ...prefixed("loss", losses) };
}

function evaluationLine({ epoch, metrics }: EvaluationRecord): MetricsLine {
  return { epoch, ...prefixed("validation", metrics) };
}

function prefixed(group: string, values: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${group}/${name}`, value]));
}

function written(line: MetricsLine): string {
  return `${JSON.stringify(line)}\n`;
}
