import { z } from "zod";
import { adamSchema } from "./adam";
import { backendNames } from "./tensor-backend";

const optionsSchema = z.strictObject({
  seed: z.int().nonnegative().default(2024),
  /** The most epochs a run may take. */
  epochs: z.int().positive().default(1000),
  /** Users a step. */
  batchSize: z.int().positive().default(1024),
  adam: adamSchema.prefault({}),
  /** Epochs between two evaluations on the validation part. */
  evaluateEvery: z.int().positive().default(3),
  /** Evaluations without a better one after which a run stops. */
  patience: z.int().positive().default(20),
  /** The metric that decides which state is best. */
  monitor: z
    .string()
    .regex(/^(recall|ndcg)@\d+$/, "expected recall@k or ndcg@k")
    .default("recall@20"),
  cutoffs: z.array(z.int().positive()).nonempty().default([10, 20]),
  /** Whose items are left out of a ranking; the reference program masks training items alone. */
  mask: z.enum(["train", "train-and-validation"]).default("train"),
  /** The least number of seconds between two checkpoints; how often they are written changes no result. */
  checkpointSeconds: z.number().nonnegative().default(30),
  /** The tfjs backend of the eager engine. */
  backend: z.enum(backendNames).default("auto"),
});

export const trainingSchema = optionsSchema.refine(
  ({ monitor, cutoffs }) => cutoffs.includes(Number(monitor.split("@")[1])),
  { path: ["monitor"], error: "is never computed; expected a metric at one of the cutoffs" },
);

export type TrainingOptions = z.input<typeof trainingSchema>;
export type TrainingSettings = z.output<typeof trainingSchema>;
