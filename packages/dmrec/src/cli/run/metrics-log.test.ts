import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TrainingResult } from "@dmrec/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { metricsFile, metricsLog, readMetrics, writeMetrics } from "./metrics-log";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "dmrec-metrics-"));
});
afterAll(() => rm(directory, { recursive: true }));

const epochs = [1, 2, 3].map((epoch) => ({ epoch, seconds: epoch / 4, losses: { total: 9 - epoch } }));
const evaluation = { epoch: 2, metrics: { "recall@20": 0.25 }, best: true };
const training: TrainingResult = {
  stopped: "epochs",
  epochs: 3,
  steps: 3,
  bestEpoch: 2,
  bestMetrics: evaluation.metrics,
  epochHistory: epochs,
  evaluationHistory: [evaluation],
  secondsPerEpoch: 0.5,
};

it("logs while the training goes on, and a restart continues the log unless it is fresh", async () => {
  const lines = async () => (await readFile(metricsFile(directory), "utf8")).split("\n").slice(0, -1);
  await metricsLog(directory, true).onEpochEnd?.(epochs[0]);
  const restarted = metricsLog(directory, false);
  await restarted.onEpochEnd?.(epochs[1]);
  await restarted.onEvaluation?.(evaluation);
  expect(await lines()).toEqual([
    '{"epoch":1,"seconds":0.25,"loss/total":8}',
    '{"epoch":2,"seconds":0.5,"loss/total":7}',
    '{"epoch":2,"validation/recall@20":0.25}',
  ]);
  await metricsLog(directory, true).onEpochEnd?.(epochs[2]);
  expect(await lines()).toHaveLength(1);
});

it("writes every epoch once and in order, and the test part last", async () => {
  await appendFile(metricsFile(directory), '{"epoch":3,"seconds":1,"loss/total":6}\n{"epoch":');
  await writeMetrics(directory, training, { "recall@20": 0.5 });
  expect(await readMetrics(directory)).toEqual([
    { epoch: 1, seconds: 0.25, "loss/total": 8 },
    { epoch: 2, seconds: 0.5, "loss/total": 7 },
    { epoch: 2, "validation/recall@20": 0.25 },
    { epoch: 3, seconds: 0.75, "loss/total": 6 },
    { epoch: 2, "test/recall@20": 0.5 },
  ]);
});

it("names the line that is damaged, and what to do", async () => {
  await writeFile(metricsFile(directory), '{"epoch":1}\n{"epoch":2,"loss/total":null}\n');
  await expect(readMetrics(directory)).rejects.toThrow(
    /is damaged in line 2 \(loss\/total: null; expected a number\); run the command that trained/,
  );
  await expect(readMetrics(join(directory, "absent"))).rejects.toThrow(/cannot be read/);
});
