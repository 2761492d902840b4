import { type ChildProcess, fork } from "node:child_process";
import type { AccuracyResult, AccuracyTask, WorkerMessage } from "./accuracy-task";
import { Interrupted } from "./interruption";

export interface PoolOptions {
  /** The number of tasks at a time, a process each. */
  readonly jobs: number;
  /** Stops the runs in progress, which are saved first. */
  readonly abortSignal: AbortSignal;
  readonly report: (text: string) => void;
  /** Receives each result as soon as it is available. */
  readonly onResult?: (result: AccuracyResult, index: number) => Promise<void>;
}

/**
 * Runs each task in its own process and returns the results in the order of the tasks.
 *
 * @throws Interrupted if the signal stopped it.
 * @throws Error with the first failure, after the other runs in progress are saved.
 */
export async function runAll(
  tasks: readonly AccuracyTask[],
  { jobs, abortSignal, report, onResult }: PoolOptions,
): Promise<AccuracyResult[]> {
  const results: AccuracyResult[] = [];
  const workers = new Set<ChildProcess>();
  const failed = new AbortController();
  const askWorkers = () => {
    for (const worker of workers) worker.kill("SIGINT");
  };
  const endWorkers = () => {
    for (const worker of workers) worker.kill("SIGKILL");
  };
  for (const stop of [abortSignal, failed.signal]) stop.addEventListener("abort", askWorkers);
  process.once("exit", endWorkers);

  let next = 0;
  let finished = 0;
  const lane = async () => {
    while (next < tasks.length && !abortSignal.aborted && !failed.signal.aborted) {
      const index = next;
      next += 1;
      const result = await runOne(tasks[index], workers, report);
      if (!result) continue;
      results[index] = result;
      await onResult?.(result, index);
      finished += 1;
      const { label, part } = tasks[index];
      report(
        `${label}: finished, recall@20 ${result["recall@20"].toFixed(4)} on ${part}, best epoch ${result.bestEpoch}`,
      );
    }
  };
  const lanes = Array.from({ length: Math.min(jobs, tasks.length) }, () =>
    lane().catch((error: unknown) => failed.abort(error)),
  );
  await Promise.all(lanes);
  abortSignal.removeEventListener("abort", askWorkers);
  process.off("exit", endWorkers);
  failed.signal.throwIfAborted();
  if (finished < tasks.length) {
    throw new Interrupted(
      `Stopped with ${finished} of ${tasks.length} runs finished. The same command continues from there.`,
    );
  }
  return results;
}

/** The result of a run, or undefined if it was stopped. */
function runOne(
  task: AccuracyTask,
  workers: Set<ChildProcess>,
  report: (text: string) => void,
): Promise<AccuracyResult | undefined> {
  return new Promise((resolve, reject) => {
    const worker = fork(new URL("./accuracy-worker.ts", import.meta.url));
    workers.add(worker);
    let last: WorkerMessage | undefined;
    worker.on("message", (message: WorkerMessage) => {
      last = message;
      if (message.kind === "progress") report(message.text);
    });
    worker.on("error", reject);
    worker.on("exit", (code, signal) => {
      workers.delete(worker);
      if (last?.kind === "result") resolve(last.result);
      else if (last?.kind === "failure") reject(new Error(`${task.label}: ${last.message}`));
      // It was stopped before it listened to signals.
      else if (last?.kind === "stopped" || signal === "SIGINT") resolve(undefined);
      else reject(new Error(`the run ${task.label} ended early (${signal ?? `exit code ${code}`})`));
    });
    // If the worker has already ended, its exit event reports that.
    worker.send(task, () => {});
  });
}
