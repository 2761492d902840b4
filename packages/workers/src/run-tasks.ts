import { RuntimeError } from "@dmrec/core";
import type { Task, TaskEnd, TaskPlace } from "./task";

/** A task that ended with a result, or that was lost. */
export type FinishedTask = Extract<TaskEnd, { kind: "result" | "lost" }>;

export interface RunTasksOptions {
  readonly place: TaskPlace;
  /** The number of tasks at a time. */
  readonly atATime: number;
  /** Stops the run: tasks in progress save and stop, and no other task starts. */
  readonly abortSignal: AbortSignal;
  readonly report: (text: string) => void;
  /** Receives each end as soon as it is available. */
  readonly onEnd: (end: FinishedTask, index: number) => Promise<void>;
}

/**
 * Runs tasks, some at a time.
 *
 * @returns The number of tasks that ended; fewer than all if the signal stopped them.
 * @throws RuntimeError with the first failure, after the other tasks in progress are saved; or what `onEnd` throws.
 */
export async function runTasks(
  tasks: readonly Task[],
  { place, atATime, abortSignal, report, onEnd }: RunTasksOptions,
): Promise<number> {
  const failed = new AbortController();
  const signal = AbortSignal.any([abortSignal, failed.signal]);
  let next = 0;
  let ended = 0;
  const lane = async () => {
    while (next < tasks.length && !signal.aborted) {
      const index = next;
      next += 1;
      const end = await place.run(tasks[index], { signal, report });
      if (end.kind === "failure") throw new RuntimeError(`${tasks[index].label}: ${end.message}`);
      if (end.kind === "stopped") continue;
      await onEnd(end, index);
      ended += 1;
    }
  };
  const lanes = Array.from({ length: Math.min(atATime, tasks.length) }, () =>
    lane().catch((error: unknown) => failed.abort(error)),
  );
  await Promise.all(lanes);
  failed.signal.throwIfAborted();
  return ended;
}
