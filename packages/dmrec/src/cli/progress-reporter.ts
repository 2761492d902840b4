import type { EvaluationRecord, StepProgress, TrainingCallbacks } from "@dmrec/core";
import { duration } from "./duration";

/** Seconds between two lines if the output is no terminal. */
const quietSeconds = 10;

/** Reports a run on standard error: one line that is rewritten in a terminal, a line every few seconds elsewhere. */
export function progressReporter(label: string, monitor: string): TrainingCallbacks {
  const output = process.stderr;
  let best: EvaluationRecord | undefined;
  let lastLine = performance.now();
  let secondsPerEpoch: number | undefined;

  const describe = ({ epoch, epochs }: StepProgress, step = "") => {
    const pace =
      secondsPerEpoch === undefined
        ? ""
        : `, ${secondsPerEpoch.toFixed(2)} s an epoch, at most ${duration((epochs - epoch) * secondsPerEpoch)} left`;
    const state = best ? `, best ${monitor} ${best.metrics[monitor].toFixed(4)} at epoch ${best.epoch}` : "";
    return `${label}: epoch ${epoch + 1} of at most ${epochs}${step}${pace}${state}`;
  };

  return {
    onStep(progress) {
      if (output.isTTY) {
        const bar = `[${progress.step}/${progress.stepsPerEpoch}]`;
        output.write(`\r\u001b[K${describe(progress)} ${bar}`);
      } else if (performance.now() - lastLine > quietSeconds * 1000) {
        lastLine = performance.now();
        output.write(`${describe(progress, `, step ${progress.step} of ${progress.stepsPerEpoch}`)}\n`);
      }
    },
    onEpochEnd({ seconds }) {
      secondsPerEpoch = seconds;
    },
    onEvaluation(record) {
      if (record.best) best = record;
    },
  };
}

/** Removes the line of progress from a terminal, so other output can follow. */
export function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
}
