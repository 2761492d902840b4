import { type ChildProcess, fork } from "node:child_process";
import { RuntimeError } from "@dmrec/core";
import type { TrialOutcome } from "./trial-log";
import type { TrialTask, WorkerMessage } from "./trial-messages";

/** Times that the process of a trial may end early before the trial is given up. */
const maxDeaths = 3;

/** A trial that ended, or whose process ended early too often; another call may try it again. */
export type PoolOutcome = TrialOutcome | { readonly kind: "lost"; readonly message: string };

export interface PooledTrial extends TrialTask {
  /** Names the trial in reports. */
  readonly label: string;
}

export interface PoolOptions {
  /** The program whose command `search-trial` is a worker. */
  readonly program: string;
  /** The number of trials at a time, a process each. */
  readonly jobs: number;
  /** Stops the trials in progress, which are saved first. */
  readonly abortSignal: AbortSignal;
  readonly report: (text: string) => void;
  /** Receives each outcome as soon as it is available. */
  readonly onOutcome: (outcome: PoolOutcome, index: number) => Promise<void>;
}

/**
 * Runs each trial in its own process. A trial whose process ends early, killed by anyone, continues from its last checkpoint in
 * a new one.
 *
 * @returns The number of trials that ended; fewer than all if the signal stopped them.
 * @throws RuntimeError with the first error that concerns all trials, after the others in progress are saved.
 */
export async function runTrials(trials: readonly PooledTrial[], options: PoolOptions): Promise<number> {
  const { jobs, abortSignal, onOutcome } = options;
  const workers = new Set<ChildProcess>();
  const failed = new AbortController();
  const askWorkers = () => {
    for (const worker of workers) worker.kill("SIGINT");
  };
  const endWorkers = () => {
    for (const worker of workers) worker.kill("SIGKILL");
  };
  const signal = AbortSignal.any([abortSignal, failed.signal]);
  signal.addEventListener("abort", askWorkers);
  process.once("exit", endWorkers);
  let next = 0;
  let ended = 0;
  const lane = async () => {
    while (next < trials.length && !signal.aborted) {
      const index = next;
      next += 1;
      const outcome = await runTrial(trials[index], workers, signal, options);
      if (!outcome) continue;
      await onOutcome(outcome, index);
      ended += 1;
    }
  };
  const lanes = Array.from({ length: Math.min(jobs, trials.length) }, () =>
    lane().catch((error: unknown) => failed.abort(error)),
  );
  await Promise.all(lanes);
  signal.removeEventListener("abort", askWorkers);
  process.off("exit", endWorkers);
  failed.signal.throwIfAborted();
  return ended;
}

/** The outcome of a trial, or undefined if it was stopped. */
async function runTrial(
  trial: PooledTrial,
  workers: Set<ChildProcess>,
  signal: AbortSignal,
  { program, report }: PoolOptions,
): Promise<PoolOutcome | undefined> {
  let death = "";
  for (let deaths = 0; deaths < maxDeaths; deaths += 1) {
    const end = await runProcess(trial, workers, program, report);
    if (end.kind === "outcome") return end.outcome;
    if (end.kind === "error") throw new RuntimeError(`${trial.label}: ${end.message}`);
    if (end.kind === "stopped" || signal.aborted) return undefined;
    death = end.reason;
    report(`${trial.label}: its process ended early (${death})`);
  }
  return { kind: "lost", message: `its process ended early ${maxDeaths} times (${death})` };
}

type ProcessEnd =
  | Exclude<WorkerMessage, { kind: "progress" }>
  | { readonly kind: "death"; readonly reason: string };

/** Runs a trial in a process to its end, whatever that is. */
function runProcess(
  { label, ...task }: PooledTrial,
  workers: Set<ChildProcess>,
  program: string,
  report: (text: string) => void,
): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    const worker = fork(program, ["search-trial"], { stdio: ["ignore", "ignore", "pipe", "ipc"] });
    workers.add(worker);
    let answer: ProcessEnd | undefined;
    let lastWords = "";
    worker.stderr?.on("data", (chunk: Buffer) => {
      lastWords = `${lastWords}${chunk}`.slice(-2000);
    });
    worker.on("message", (message: WorkerMessage) => {
      if (message.kind === "progress") report(`${label} (process ${worker.pid}): ${message.text}`);
      else answer = message;
    });
    worker.on("error", (error) => {
      lastWords = error.message;
    });
    worker.on("close", (code, signal) => {
      workers.delete(worker);
      const words = lastWords.trim().split("\n").at(-1) ?? "";
      const reason = `${signal ?? `exit code ${code}`}${words === "" ? "" : `: ${words}`}`;
      resolve(answer ?? { kind: "death", reason });
    });
    // If the worker has already ended, its exit reports that.
    worker.send(task, () => {});
  });
}
