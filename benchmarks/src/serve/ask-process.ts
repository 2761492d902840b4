import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** Starts a file of this folder in its own process. Messages are copied as structures, so typed arrays stay what they are. */
export function startProcess(file: string, ...args: readonly string[]): ChildProcess {
  return fork(new URL(file, import.meta.url), args, { serialization: "advanced" });
}

/**
 * Sends a question to a process and waits for its answer; without a question, for its next message.
 *
 * @throws Error if the process ends instead.
 */
export async function ask<Answer>(
  child: ChildProcess,
  parse: (answer: unknown) => Answer,
  question?: object,
): Promise<Answer> {
  const controller = new AbortController();
  const { signal } = controller;
  const answered = once(child, "message", { signal }).then(([answer]) => parse(answer));
  const ended = once(child, "exit", { signal }).then(([code, name]) => {
    throw new Error(`a process of the benchmark ended early (${name ?? `exit code ${code}`})`);
  });
  if (question) child.send(question);
  try {
    return await Promise.race([answered, ended]);
  } finally {
    controller.abort();
    await Promise.allSettled([answered, ended]);
  }
}
