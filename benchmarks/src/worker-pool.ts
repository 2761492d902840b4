import { localProcesses, runTasks, type TaskPlace } from "@dmrec/workers";
import { type AccuracyResult, type AccuracyTask, accuracyResultSchema } from "./accuracy-task";
import { Interrupted } from "./interruption";

export interface PoolOptions {
  /** The number of tasks at a time. */
  readonly jobs: number;
  /** Stops the runs in progress, which are saved first. */
  readonly abortSignal: AbortSignal;
  readonly report: (text: string) => void;
  /** Receives each result as soon as it is available. */
  readonly onResult?: (result: AccuracyResult, index: number) => Promise<void>;
  /** @default processes of this machine */
  readonly place?: TaskPlace;
}

/** Processes of this machine, each of which trains one model. Only the built programs have their file. */
export function accuracyProcesses(): TaskPlace {
  return localProcesses({ file: new URL("./accuracy-worker.js", import.meta.url) });
}

/**
 * Runs each task in its own process and returns the results in the order of the tasks.
 *
 * @throws Interrupted if the signal stopped it.
 * @throws Error with the first failure, after the other runs in progress are saved.
 */
export async function runAll(
  tasks: readonly AccuracyTask[],
  { jobs, abortSignal, report, onResult, place = accuracyProcesses() }: PoolOptions,
): Promise<AccuracyResult[]> {
  const results: AccuracyResult[] = [];
  const finished = await runTasks(
    tasks.map((task) => ({ label: task.label, data: task })),
    {
      place,
      atATime: jobs,
      abortSignal,
      report,
      async onEnd(end, index) {
        const { label, part } = tasks[index];
        if (end.kind === "lost") throw new Error(`${label}: ${end.message}`);
        const result = accuracyResultSchema.parse(end.result);
        results[index] = result;
        await onResult?.(result, index);
        report(
          `${label}: finished, recall@20 ${result["recall@20"].toFixed(4)} on ${part}, best epoch ${result.bestEpoch}`,
        );
      },
    },
  );
  if (finished < tasks.length)
    throw new Interrupted(
      `Stopped with ${finished} of ${tasks.length} runs finished. The same command continues from there.`,
    );
  return results;
}
