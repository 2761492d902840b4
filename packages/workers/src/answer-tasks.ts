import { on } from "node:events";
import { causeMessage } from "@dmrec/core";
import type { TaskAnswer, TaskMessage } from "./task";

/** The work of a process: it returns the result as JSON, or undefined if the signal stopped it and it is saved. */
export type TaskWork = (
  data: unknown,
  control: { readonly abortSignal: AbortSignal; readonly report: (text: string) => Promise<void> },
) => Promise<object | undefined>;

/** True if this process was started for tasks. */
export function isTaskProcess(): boolean {
  return process.send !== undefined;
}

/**
 * Does the tasks that the parent of this process sends, one after the other, and answers each. The process ends after a task that
 * has no result, because such a task may leave something behind, and when its parent is done with it.
 */
export async function answerTasks(work: TaskWork): Promise<void> {
  // Repeated signals change nothing: the parent ends this process. If the parent was killed, the task is saved and stops, too,
  // because it would otherwise go on for an hour without a parent.
  const controller = new AbortController();
  const { signal } = controller;
  const stop = () => controller.abort();
  process.on("SIGINT", stop).on("SIGTERM", stop).on("disconnect", stop);
  const report = (text: string) => send({ kind: "progress", text });
  try {
    for await (const [data] of on(process, "message", { signal })) {
      const answer = await answerTo(work, data, signal, report);
      await send(answer);
      if (answer.kind !== "result") break;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  process.exit();
}

async function answerTo(
  work: TaskWork,
  data: unknown,
  abortSignal: AbortSignal,
  report: (text: string) => Promise<void>,
): Promise<TaskAnswer> {
  try {
    const result = await work(data, { abortSignal, report });
    return result ? { kind: "result", result } : { kind: "stopped" };
  } catch (error) {
    return { kind: "failure", message: causeMessage(error) };
  }
}

function send(message: TaskMessage): Promise<void> {
  return new Promise((done) => {
    if (process.connected) process.send?.(message, () => done());
    else done();
  });
}
