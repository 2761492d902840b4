import { type ChildProcess, fork } from "node:child_process";
import type { AccuracyResult, AccuracyTask, WorkerMessage } from "./accuracy-task";

/**
 * Runs tasks in processes of their own, `jobs` at a time, and gives their results in the order of the tasks; `onResult`
 * gets each as soon as it is there.
 *
 * @throws Error with the first failure, after ending the other workers.
 */
export async function runAll(
  tasks: readonly AccuracyTask[],
  jobs: number,
  report: (text: string) => void,
  onResult: (result: AccuracyResult, index: number) => Promise<void> = async () => {},
): Promise<AccuracyResult[]> {
  const results: AccuracyResult[] = [];
  const running = new Set<ChildProcess>();
  let next = 0;
  const lane = async () => {
    while (next < tasks.length) {
      const index = next;
      next += 1;
      results[index] = await runOne(tasks[index], running, report);
      await onResult(results[index], index);
      const { "recall@20": recall, bestEpoch } = results[index];
      const { label, part } = tasks[index];
      report(`${label}: finished, recall@20 ${recall.toFixed(4)} on ${part}, best epoch ${bestEpoch}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.max(1, Math.min(jobs, tasks.length)) }, lane));
  } finally {
    for (const worker of running) worker.kill();
  }
  return results;
}

function runOne(
  task: AccuracyTask,
  running: Set<ChildProcess>,
  report: (text: string) => void,
): Promise<AccuracyResult> {
  return new Promise((resolve, reject) => {
    const worker = fork(new URL("./accuracy-worker.ts", import.meta.url));
    running.add(worker);
    worker.on("message", (message: WorkerMessage) => {
      if (message.kind === "progress") report(message.text);
      else if (message.kind === "result") resolve(message.result);
      else reject(new Error(message.message));
    });
    worker.on("exit", (code, signal) => {
      running.delete(worker);
      reject(new Error(`the run ${task.label} ended early (${signal ?? `exit code ${code}`})`));
    });
    worker.send(task);
  });
}
