import {
  causeMessage,
  InvalidOptionsError,
  NonFiniteLossError,
  OutOfMemoryError,
  type TrainingCallbacks,
} from "@dmrec/core";
import { answerTasks, isTaskProcess } from "@dmrec/workers";
import type { ModelZoo } from "../../zoo/model-zoo";
import { readRunRecord } from "../run/run-record";
import { trainTrial } from "./train-trial";
import { trialCommand } from "./trial-command";
import type { TrialOutcome } from "./trial-log";
import { trialTaskSchema } from "./trial-task";

const secondsBetweenReports = 10;

/** The process of trials: it trains each that `dmrec search` sends it, and answers. */
export async function trialWorker(zoo: ModelZoo): Promise<void> {
  if (!isTaskProcess()) {
    const message = "is the process of a trial; type dmrec search instead";
    throw new InvalidOptionsError("dmrec", [{ path: trialCommand, message }]);
  }
  await answerTasks(async (task, { abortSignal, report }): Promise<TrialOutcome | undefined> => {
    const { directory, engine } = trialTaskSchema.parse(task);
    try {
      const monitor = (await readRunRecord(directory))?.training.evaluation.monitor ?? "recall@20";
      const callbacks = progressReports(monitor, report);
      const { stopped, bestMetrics, bestEpoch, epochs } = await trainTrial(directory, {
        zoo,
        engine,
        abortSignal,
        callbacks,
      });
      if (stopped === "interrupted") return undefined;
      return { kind: "finished", metrics: bestMetrics, bestEpoch, epochs };
    } catch (error) {
      if (dependsOnSettings(error)) return { kind: "failed", message: causeMessage(error) };
      throw error;
    }
  });
}

/** True for an error that other settings of the model may not have. */
function dependsOnSettings(error: unknown): boolean {
  return [NonFiniteLossError, InvalidOptionsError, OutOfMemoryError].some((kind) => kind.isInstance(error));
}

/** Reports the first epoch of this process, and one every few seconds. */
function progressReports(monitor: string, report: (text: string) => Promise<void>): TrainingCallbacks {
  let reported = Number.NEGATIVE_INFINITY;
  let best = "";
  return {
    onEvaluation({ epoch, metrics, best: isBest }) {
      if (isBest) best = `, best ${monitor} ${metrics[monitor].toFixed(4)} at epoch ${epoch}`;
    },
    async onEpochEnd({ epoch, seconds }) {
      if (performance.now() - reported < secondsBetweenReports * 1000) return;
      reported = performance.now();
      await report(`epoch ${epoch}, ${seconds.toFixed(2)} s an epoch${best}`);
    },
  };
}
