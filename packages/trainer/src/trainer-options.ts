import { type SeenPolicy, seenPolicies } from "@dmrec/eval";
import { z } from "zod";
import { cutoffsSchema } from "./call-options";
import { automatic, type EngineChoice, engineSchema } from "./engine/engine-choice";
import { type AdamOptions, adamSchema } from "./optimizer/adam";

export interface EvaluationOptions {
  /** Epochs between two evaluations on the validation part. @default 3 */
  readonly interval?: number;
  /** Evaluations without improvement after which a run stops. @default 20 */
  readonly patience?: number;
  /** The metric that decides which weights are best. @default "recall@20" */
  readonly monitor?: string;
  /** Lengths of the rankings that are measured. @default [10, 20] */
  readonly cutoffs?: readonly number[];
  /**
   * The parts whose items are left out of a user's ranking. The reference program leaves out training items only.
   *
   * @default "train"
   */
  readonly excludeSeen?: SeenPolicy;
}

export interface TrainerOptions {
  /** The seed of everything random. @default 2024 */
  readonly seed?: number;
  /** The maximum number of epochs. @default 1000 */
  readonly epochs?: number;
  /** Examples a step: users, or pairs if the model trains on pairs. @default 1024 */
  readonly batchSize?: number;
  /** The settings of Adam, which trains the parameters. @default {}: the default of each */
  readonly adam?: AdamOptions;
  /** The evaluations on the validation part, and early stopping by them. @default {}: the default of each */
  readonly evaluation?: EvaluationOptions;
  /** The minimum number of seconds between two checkpoints. It does not change results. @default 30 */
  readonly checkpointIntervalSeconds?: number;
  /** The engine that runs the steps: `automatic()`, `compiled()` or `eager()`. @default automatic() */
  readonly engine?: EngineChoice;
}

const evaluationSchema = z
  .strictObject({
    interval: z.int().positive().default(3),
    patience: z.int().positive().default(20),
    monitor: z
      .string()
      .regex(/^(recall|ndcg)@\d+$/, "expected recall@k or ndcg@k")
      .default("recall@20"),
    cutoffs: cutoffsSchema.default([10, 20]),
    excludeSeen: z.enum(seenPolicies).default("train"),
  })
  .refine(({ monitor, cutoffs }) => cutoffs.includes(Number(monitor.split("@")[1])), {
    path: ["monitor"],
    error: "is never computed; expected a metric at one of the cutoffs",
  });

export const trainerSchema = z.strictObject({
  seed: z.int().nonnegative().default(2024),
  epochs: z.int().positive().default(1000),
  batchSize: z.int().positive().default(1024),
  adam: adamSchema.prefault({}),
  evaluation: evaluationSchema.prefault({}),
  checkpointIntervalSeconds: z.number().nonnegative().default(30),
  engine: engineSchema.prefault(() => automatic()),
});

export type TrainerSettings = z.output<typeof trainerSchema>;
