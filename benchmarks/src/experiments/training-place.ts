import { openTaskQueue, type TaskPlace } from "@dmrec/workers";
import { accuracyProcesses } from "../worker-pool";

/** The name of the queue of runs. */
export const trainingQueue = "dmrec-experiments";

/** Processes of this machine, or the workers of a queue in Redis. */
export async function trainingPlace(queue: string | undefined): Promise<TaskPlace> {
  if (queue === undefined) return accuracyProcesses();
  const advice = `Start one by: npm run experiments:worker -- --queue ${queue}`;
  return openTaskQueue({ url: queue, name: trainingQueue }, (warning) =>
    console.error(`${warning} ${advice}`),
  );
}
