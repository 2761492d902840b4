import { type ChildProcess, fork } from "node:child_process";
import type { Task, TaskAnswer, TaskControl, TaskEnd, TaskMessage, TaskPlace } from "./task";

/** Times that the process of a task may end early before the task is given up. */
const maxDeaths = 3;

export interface ProcessProgram {
  /** The file of the program. It calls `answerTask`. */
  readonly file: string | URL;
  /** @default [] */
  readonly args?: readonly string[];
  /** Flags of Node.js. @default those of this process */
  readonly execArgv?: readonly string[];
}

/**
 * Runs each task in a process of this machine. A task whose process ends early, killed by anyone, is started again in a new one.
 *
 * @example
 * await runTasks(tasks, { place: localProcesses({ file: "worker.js" }), atATime: 2, ...options });
 */
export function localProcesses(program: ProcessProgram): TaskPlace {
  return {
    async run(task, control) {
      let reason = "";
      for (let deaths = 0; deaths < maxDeaths; deaths += 1) {
        const end = await runProcess(program, task, control);
        if (end.kind !== "death") return end;
        if (control.signal.aborted) return { kind: "stopped" };
        reason = end.reason;
        control.report(`${task.label}: its process ended early (${reason})`);
      }
      return { kind: "lost", message: `its process ended early ${maxDeaths} times (${reason})` };
    },
    async close() {},
  };
}

type ProcessEnd = Exclude<TaskEnd, { kind: "lost" }> | { readonly kind: "death"; readonly reason: string };

/** Runs a task in a process to its end, whatever that is. */
function runProcess(
  { file, args = [], execArgv = process.execArgv }: ProcessProgram,
  { label, data }: Task,
  { signal, report }: TaskControl,
): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    const child: ChildProcess = fork(file, args, {
      execArgv: [...execArgv],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let answer: TaskAnswer | undefined;
    let lastWords = "";
    const ask = () => child.kill("SIGINT");
    const end = () => child.kill("SIGKILL");
    signal.addEventListener("abort", ask);
    process.once("exit", end);
    if (signal.aborted) ask();
    child.stderr?.on("data", (chunk: Buffer) => {
      lastWords = `${lastWords}${chunk}`.slice(-2000);
    });
    child.on("message", (message: TaskMessage) => {
      if (message.kind === "progress") report(`${label} (process ${child.pid}): ${message.text}`);
      else answer = message;
    });
    child.on("error", (error) => {
      lastWords = error.message;
    });
    child.on("close", (code, name) => {
      signal.removeEventListener("abort", ask);
      process.off("exit", end);
      const words = lastWords.trim().split("\n").at(-1) ?? "";
      const reason = `${name ?? `exit code ${code}`}${words === "" ? "" : `: ${words}`}`;
      resolve(answer ?? { kind: "death", reason });
    });
    // If the process has already ended, its end reports that.
    child.send(data, () => {});
  });
}
