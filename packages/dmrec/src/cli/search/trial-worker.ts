import { once } from "node:events";
import { causeMessage, InvalidOptionsError, NonFiniteLossError, type TrainingCallbacks } from "@dmrec/core";
import { z } from "zod";
import type { ModelZoo } from "../../zoo/model-zoo";
import type { EngineFlags } from "../engine-flags";
import { readRunRecord } from "../run/run-record";
import { trainTrial } from "./train-trial";
import type { TrialTask, WorkerMessage } from "./trial-messages";

const secondsBetweenReports = 10;

const taskSchema = z.object({
  directory: z.string(),
  engine: z.custom<EngineFlags>((value) => typeof value === "object" && value !== null),
}) satisfies z.ZodType<TrialTask>;

/** The process of one trial: it trains what `dmrec search` sends it, answers, and ends. */
export async function trialWorker(zoo: ModelZoo): Promise<void> {
  if (!process.send) {
    const message = "is the process of a trial; type dmrec search instead";
    throw new InvalidOptionsError("dmrec", [{ path: "search-trial", message }]);
  }
  // Repeated signals change nothing: the search ends this process. If the search was killed, the trial is saved and stops, too.
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.on("SIGINT", stop).on("SIGTERM", stop).on("disconnect", stop);
  const [message] = await once(process, "message");
  await send(await answer(taskSchema.parse(message), zoo, controller.signal));
  process.exit();
}

async function answer(task: TrialTask, zoo: ModelZoo, abortSignal: AbortSignal): Promise<WorkerMessage> {
  const { directory, engine } = task;
  try {
    const monitor = (await readRunRecord(directory))?.training.evaluation.monitor ?? "recall@20";
    const callbacks = progressMessages(monitor);
    const { stopped, bestMetrics, bestEpoch, epochs } = await trainTrial(directory, {
      zoo,
      engine,
      abortSignal,
      callbacks,
    });
    if (stopped === "interrupted") return { kind: "stopped" };
    return { kind: "outcome", outcome: { kind: "finished", metrics: bestMetrics, bestEpoch, epochs } };
  } catch (error) {
    // Other settings may suit the model and train well.
    if (NonFiniteLossError.isInstance(error) || InvalidOptionsError.isInstance(error))
      return { kind: "outcome", outcome: { kind: "failed", message: causeMessage(error) } };
    return { kind: "error", message: causeMessage(error) };
  }
}

/** Reports the first epoch of this process, and one every few seconds. */
function progressMessages(monitor: string): TrainingCallbacks {
  let reported = Number.NEGATIVE_INFINITY;
  let best = "";
  return {
    onEvaluation({ epoch, metrics, best: isBest }) {
      if (isBest) best = `, best ${monitor} ${metrics[monitor].toFixed(4)} at epoch ${epoch}`;
    },
    async onEpochEnd({ epoch, seconds }) {
      if (performance.now() - reported < secondsBetweenReports * 1000) return;
      reported = performance.now();
      await send({ kind: "progress", text: `epoch ${epoch}, ${seconds.toFixed(2)} s an epoch${best}` });
    },
  };
}

function send(message: WorkerMessage): Promise<void> {
  return new Promise((done) => {
    if (process.connected) process.send?.(message, () => done());
    else done();
  });
}
