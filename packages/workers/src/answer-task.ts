import { once } from "node:events";
import { causeMessage } from "@dmrec/core";
import type { TaskAnswer, TaskMessage } from "./task";

/** The work of a process: it returns the result as JSON, or undefined if the signal stopped it and it is saved. */
export type TaskWork = (
  data: unknown,
  control: { readonly abortSignal: AbortSignal; readonly report: (text: string) => Promise<void> },
) => Promise<object | undefined>;

/** True if this process was started for a task. */
export function isTaskProcess(): boolean {
  return process.send !== undefined;
}

/** Does the task that the parent of this process sends, answers it, and ends the process. */
export async function answerTask(work: TaskWork): Promise<void> {
  // Repeated signals change nothing: the parent ends this process. If the parent was killed, the task is saved and stops, too,
  // because it would otherwise go on for an hour without a parent.
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.on("SIGINT", stop).on("SIGTERM", stop).on("disconnect", stop);
  const [data] = await once(process, "message");
  const report = (text: string) => send({ kind: "progress", text });
  await send(await answer(work, data, controller.signal, report));
  process.exit();
}

async function answer(
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
