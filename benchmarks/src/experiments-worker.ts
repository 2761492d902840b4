// Trains runs of `npm run experiments -- --queue`, on any machine that has the same folders.
import { once } from "node:events";
import { existsSync } from "node:fs";
import { availableParallelism, hostname } from "node:os";
import { startTaskWorker, type TaskPlace } from "@dmrec/workers";
import { Command } from "commander";
import { z } from "zod";
import { accuracyTaskSchema } from "./accuracy-task";
import { trainingQueue } from "./experiments/training-place";
import { runCommand } from "./interruption";
import { positiveInteger } from "./list";
import { accuracyProcesses } from "./worker-pool";

const flagsSchema = z.object({ queue: z.string(), jobs: positiveInteger });

const program = new Command("experiments:worker")
  .description(
    "Train runs of the experiments until Ctrl-C. The folders of the data and of the runs have to be mounted under the same paths as there.",
  )
  .requiredOption("--queue <url>", "the Redis of the experiments, such as redis://localhost:6379")
  .option("--jobs <count>", "runs at a time, a process each", String(availableParallelism()));

/** Trains with threads of this machine, and refuses runs whose data is not on it. */
function runsHere(place: TaskPlace, threads: number): TaskPlace {
  return {
    ...place,
    async run(task, control) {
      const data = accuracyTaskSchema.parse(task.data);
      if (existsSync(data.folder)) return place.run({ ...task, data: { ...data, threads } }, control);
      const message = `the worker ${hostname()} does not find ${data.folder}; mount it there under the same path`;
      return { kind: "failure", message };
    },
  };
}

await runCommand(async (abortSignal) => {
  const { queue: url, jobs } = flagsSchema.parse(program.parse().opts());
  const threads = Math.max(1, Math.floor(availableParallelism() / jobs));
  const worker = await startTaskWorker({
    url,
    name: trainingQueue,
    place: runsHere(accuracyProcesses(), threads),
    atATime: jobs,
    report: console.log,
  });
  console.log(`Waits for runs, ${jobs} at a time.`);
  if (!abortSignal.aborted) await once(abortSignal, "abort");
  await worker.close();
});
