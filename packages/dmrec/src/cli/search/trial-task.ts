import { z } from "zod";
import type { EngineFlags } from "../engine-flags";

/** The name of the queue of trials. */
export const trialQueue = "dmrec-search";

/** The task of the process of a trial. */
export const trialTaskSchema = z.object({
  /** The directory of the trial's run, an absolute path, which records everything else. */
  directory: z.string(),
  /** The maximum number of epochs, as in the record. */
  epochs: z.number(),
  engine: z.custom<EngineFlags>((value) => typeof value === "object" && value !== null),
});

export type TrialTask = z.output<typeof trialTaskSchema>;
