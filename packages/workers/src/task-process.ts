import { type ChildProcess, fork } from "node:child_process";
import { Socket } from "node:net";
import type { Task, TaskAnswer, TaskControl, TaskEnd, TaskMessage } from "./task";

export interface ProcessProgram {
  /** The file of the program. It calls `answerTasks`. */
  readonly file: string | URL;
  /** @default [] */
  readonly args?: readonly string[];
  /** Flags of Node.js. @default those of this process */
  readonly execArgv?: readonly string[];
}

export type ProcessEnd =
  | Exclude<TaskEnd, { kind: "lost" }>
  | { readonly kind: "death"; readonly reason: string };

/** A process that does tasks one after the other, until one has no result. */
export class TaskProcess {
  readonly #child: ChildProcess;
  /** Resolves to the reason when the process has ended. */
  readonly #death: Promise<string>;
  #lastWords = "";

  constructor({ file, args = [], execArgv = process.execArgv }: ProcessProgram) {
    const child = fork(file, args, {
      execArgv: [...execArgv],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    const end = () => child.kill("SIGKILL");
    process.once("exit", end);
    child.stderr?.on("data", (chunk: Buffer) => {
      this.#lastWords = `${this.#lastWords}${chunk}`.slice(-2000);
    });
    child.on("error", (error) => {
      this.#lastWords = error.message;
    });
    this.#child = child;
    this.#death = new Promise((resolve) => {
      child.on("close", (code, name) => {
        process.off("exit", end);
        const words = this.#lastWords.trim().split("\n").at(-1) ?? "";
        resolve(`${name ?? `exit code ${code}`}${words === "" ? "" : `: ${words}`}`);
      });
    });
  }

  /** True until the process has ended, or was asked to. */
  get isAlive(): boolean {
    return this.#child.connected && !this.#child.killed;
  }

  /** Does a task to its end, whatever that is. */
  async run({ label, data }: Task, { signal, report }: TaskControl): Promise<ProcessEnd> {
    const child = this.#child;
    let answer: TaskAnswer | undefined;
    let finish = () => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const listen = (message: TaskMessage) => {
      if (message.kind === "progress") return report(`${label} (process ${child.pid}): ${message.text}`);
      answer = message;
      // After any other answer the process ends.
      if (message.kind === "result") finish();
    };
    const ask = () => child.kill("SIGINT");
    child.on("message", listen);
    signal.addEventListener("abort", ask);
    this.#keepsParent(true);
    if (signal.aborted) ask();
    // If the process has already ended, its end reports that.
    child.send(data, () => {});
    const reason = await Promise.race([finished, this.#death]);
    this.#keepsParent(false);
    signal.removeEventListener("abort", ask);
    child.off("message", listen);
    return answer ?? { kind: "death", reason: reason ?? "" };
  }

  /** Ends the process, which has no task. */
  async close(): Promise<void> {
    this.#keepsParent(true);
    this.#child.kill("SIGTERM");
    await this.#death;
  }

  /** Says whether the process keeps this one from its end. */
  #keepsParent(keeps: boolean): void {
    const { stderr, channel } = this.#child;
    for (const held of [this.#child, channel, stderr instanceof Socket ? stderr : undefined])
      keeps ? held?.ref() : held?.unref();
  }
}
