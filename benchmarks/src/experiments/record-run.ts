import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { OpenRecommender, SplitDataset, Trainer, TrainingResult } from "@dmrec/core";
import { fingerprint } from "@dmrec/data";
import type { AccuracyTask } from "../accuracy-task";
import { distributionActivity } from "./distribution-activity";
import { type RunRecord, writeRecord } from "./run-record";

export interface FinishedRun {
  readonly task: AccuracyTask;
  readonly trainer: Trainer;
  readonly open: OpenRecommender;
  /** The data that the run was trained on, whose profiles may be exchanged. */
  readonly data: SplitDataset;
  /** The data as it is in the folder, by which a record belongs to the others of an experiment. */
  readonly folderData: SplitDataset;
  readonly result: TrainingResult;
}

const metrics = ["recall@20", "ndcg@20"] as const;

/** Measures a finished run and writes its record, whole or not at all. Returns the metrics of the test part. */
export async function recordRun(file: string, run: FinishedRun): Promise<RunRecord["metrics"]> {
  const { task, trainer, open, data, folderData, result } = run;
  const { model, seed, directory } = task;
  const report = await open.evaluate(data, { part: "test", cutoffs: [10, 20] });
  const weights = join(directory, "weights.safetensors");
  await mkdir(directory, { recursive: true });
  await open.save(weights);
  const activity = await distributionActivity(trainer, open.recommender, weights, data);
  const { offsets } = data.train;
  const record: RunRecord = {
    version: 1,
    seed,
    model: {
      ...model,
      ...(task.shuffledProfiles !== undefined && { shuffledProfiles: task.shuffledProfiles }),
    },
    data: { name: folderData.name, fingerprint: fingerprint(folderData) },
    commit: await commit(),
    engine: `${open.engine.name}, ${open.engine.backend}`,
    metrics: report.metrics,
    perUser: Object.fromEntries(metrics.map((name) => [name, Array.from(report.perUser[name])])),
    userActivity: Array.from(report.evaluatedUsers, (user) => offsets[user + 1] - offsets[user]),
    epochs: result.epochs,
    bestEpoch: result.bestEpoch,
    secondsPerEpoch: result.secondsPerEpoch,
    curve: curveOf(result),
    ...(activity && { activity: Array.from(activity) }),
  };
  await writeRecord(file, record);
  return report.metrics;
}

/** The evaluations of a run with the seconds of training before each. */
function curveOf({ epochHistory, evaluationHistory }: TrainingResult): RunRecord["curve"] {
  let seconds = 0;
  const until = new Map(
    epochHistory.map((epoch) => {
      seconds += epoch.seconds;
      return [epoch.epoch, seconds] as const;
    }),
  );
  return evaluationHistory.map(({ epoch, metrics }) => ({
    epoch,
    seconds: until.get(epoch) ?? seconds,
    recall: metrics["recall@20"],
  }));
}

async function commit(): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)("git", ["rev-parse", "HEAD"], { cwd: import.meta.dirname });
    return stdout.trim();
  } catch {
    return null;
  }
}
