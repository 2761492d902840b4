import { exportPrecisions, type SplitDataset, type TrainingCallbacks } from "@dmrec/core";
import { z } from "zod";

const isObject = (value: unknown) => typeof value === "object" && value !== null;

/** The schema of `OpenOptions`. */
export const openSchema = z.strictObject({
  data: z.custom<SplitDataset>(isObject, "expected a dataset").optional(),
  weights: z.string().nonempty().optional(),
});

/** The schema of `FitOptions`, with their defaults. */
export const fitSchema = z
  .strictObject({
    abortSignal: z
      .custom<AbortSignal>(
        (value) => typeof value === "object" && value !== null && "aborted" in value,
        "expected an AbortSignal",
      )
      .optional(),
    directory: z.string().nonempty().optional(),
    resume: z.enum(["if-present", "never", "required"]).default("if-present"),
    callbacks: z
      .array(z.custom<TrainingCallbacks>(isObject, "expected an object of callbacks"))
      .readonly()
      .default([]),
  })
  .refine(({ resume, directory }) => resume !== "required" || directory !== undefined, {
    path: ["resume"],
    error: '"required" needs the directory of the checkpoint; expected one',
  });

export type FitSettings = z.output<typeof fitSchema>;

/** The lengths of rankings that are measured. */
export const cutoffsSchema = z.array(z.int().positive()).nonempty().readonly();

/** The schema of `EvaluateOptions`. The cutoffs are the trainer's by default. */
export const evaluateSchema = z.strictObject({
  part: z.enum(["validation", "test"]).default("test"),
  cutoffs: cutoffsSchema.optional(),
});

export type EvaluateSettings = z.output<typeof evaluateSchema>;

/** The schema of `ExportOptions`. */
export const exportSchema = z.strictObject({ precision: z.enum(exportPrecisions).default("float32") });
