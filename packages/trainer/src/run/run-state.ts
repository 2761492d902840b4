import type { EpochRecord, EvaluationRecord } from "@dmrec/core";
import { z } from "zod";
import { beforeFirstEvaluation, type EarlyStoppingState } from "./early-stopping";

/** The position of a run, apart from its arrays: everything that decides its next step. JSON. */
export interface RunState {
  /** Epochs finished. */
  readonly epoch: number;
  /** Finished batches of the epoch in progress. */
  readonly batch: number;
  /** Steps taken in all. */
  readonly step: number;
  /** Sums over the examples of the epoch in progress, by loss term. */
  readonly lossSums: Readonly<Record<string, number>>;
  /** Seconds spent in the steps of the epoch in progress. */
  readonly seconds: number;
  readonly earlyStopping: EarlyStoppingState;
  readonly epochHistory: readonly EpochRecord[];
  readonly evaluationHistory: readonly EvaluationRecord[];
}

export const initialRunState: RunState = {
  epoch: 0,
  batch: 0,
  step: 0,
  lossSums: {},
  seconds: 0,
  earlyStopping: beforeFirstEvaluation,
  epochHistory: [],
  evaluationHistory: [],
};

const count = z.int().nonnegative();
const values = z.record(z.string(), z.number());

export const runStateSchema = z.object({
  epoch: count,
  batch: count,
  step: count,
  lossSums: values,
  seconds: z.number(),
  earlyStopping: z.object({ bestEpoch: count, bestMetrics: values, waited: count }),
  epochHistory: z.array(z.object({ epoch: count, losses: values, seconds: z.number() })),
  evaluationHistory: z.array(z.object({ epoch: count, metrics: values, best: z.boolean() })),
});
