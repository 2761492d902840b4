import { executionProviders } from "@dmrec/compile";
import { z } from "zod";
import { adamSchema } from "./adam";
import { backendNames } from "./tensor-backend";

export const engineNames = ["auto", "compiled", "eager"] as const;
export type EngineName = (typeof engineNames)[number];

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
  /** What runs the steps; `auto` compiles them, and runs eagerly what cannot be compiled. */
  engine: z.enum(engineNames).default("auto"),
  /** Threads of the compiled engine; by default as many as the process may run at once. */
  threads: z.int().positive().optional(),
  /** Where the compiled engine runs. */
  executionProvider: z.enum(executionProviders).default("cpu"),
  /** Writes the time of every operation of the compiled engine to files of this prefix. */
  profile: z.string().nonempty().optional(),
  /** The tfjs backend of the eager engine; to name one is to ask for that engine. */
  backend: z.enum(backendNames).default("auto"),
});

export const trainingSchema = optionsSchema
  .refine(({ monitor, cutoffs }) => cutoffs.includes(Number(monitor.split("@")[1])), {
    path: ["monitor"],
    error: "is never computed; expected a metric at one of the cutoffs",
  })
  .refine(({ engine, backend }) => engine !== "compiled" || backend === "auto", {
    path: ["backend"],
    error: "is of the eager engine; leave it out for the compiled one",
  });

export type TrainingOptions = z.input<typeof trainingSchema>;
export type TrainingSettings = z.output<typeof trainingSchema>;
