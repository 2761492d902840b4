import { once } from "node:events";
import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { availableThreads } from "@dmrec/compile";
import { localProcesses, startTaskWorker, type TaskPlace } from "@dmrec/workers";
import { Command } from "commander";
import { interruptionSignal } from "../interruption";
import { positiveInteger, positiveNumber } from "../option-parsers";
import { runFiles } from "../run/run-record";
import { withShortHelp } from "../short-help";
import { queueUrl } from "./queue-url";
import { trialCommand } from "./trial-command";
import { trialQueue, trialTaskSchema } from "./trial-task";

interface SearchWorkerFlags {
  readonly queue: string;
  readonly jobs?: number;
  readonly threads?: number;
  readonly lock: number;
}

/**
 * The command `dmrec search-worker`.
 *
 * @param program The file that runs this program, for the processes of trials.
 */
export function searchWorkerCommand(program: string): Command {
  const command = new Command("search-worker")
    .requiredOption("--queue <url>", "the Redis of the searches, such as redis://localhost:6379", queueUrl)
    .option("--jobs <count>", "trials at a time, a process each (default: as many as cores)", positiveInteger)
    .option("--threads <count>", "threads of each trial (default: the cores, shared)", positiveInteger)
    .option("--lock <seconds>", "after which others take over from a killed worker", positiveNumber, 30)
    .action((flags: SearchWorkerFlags) => searchWorker(flags, program));
  return withShortHelp(command, "dmrec search-worker --queue redis://queue:6379 --jobs 4");
}

async function searchWorker(flags: SearchWorkerFlags, program: string) {
  const { queue: url, jobs = availableThreads(), threads, lock } = flags;
  const interruption = interruptionSignal((message) => console.error(`\n${message}`));
  try {
    const own = threads ?? Math.max(1, Math.floor(availableThreads() / jobs));
    const place = trialsHere(localProcesses({ file: program, args: [trialCommand] }), own);
    const report = (text: string) => console.log(text);
    const worker = await startTaskWorker({ url, name: trialQueue, place, atATime: jobs, lock, report });
    report(`Waits for trials, ${jobs} at a time. Ctrl-C stops and gives those in progress to other workers.`);
    if (!interruption.abortSignal.aborted) await once(interruption.abortSignal, "abort");
    await worker.close();
  } finally {
    interruption.release();
  }
}

/** Runs trials with threads of this machine, and refuses those whose folder is not on it. */
function trialsHere(place: TaskPlace, threads: number): TaskPlace {
  return {
    ...place,
    async run(task, control) {
      const { directory, epochs, engine } = trialTaskSchema.parse(task.data);
      if (!existsSync(runFiles(directory).record)) {
        const message = `the worker ${hostname()} does not find ${directory}; mount the folder of the search there under the same path`;
        return { kind: "failure", message };
      }
      const isEager = engine.engine === "eager" || engine.backend !== undefined;
      const own = isEager || engine.threads !== undefined ? engine : { ...engine, threads };
      return place.run({ ...task, data: { directory, epochs, engine: own } }, control);
    },
  };
}
