import type { EngineFlags } from "../engine-flags";
import type { TrialOutcome } from "./trial-log";

/** A trial for a worker process to train. */
export interface TrialTask {
  /** The directory of the trial's run, which records everything else. */
  readonly directory: string;
  readonly engine: EngineFlags;
}

/** A worker's message to its search. */
export type WorkerMessage =
  | { readonly kind: "progress"; readonly text: string }
  | { readonly kind: "outcome"; readonly outcome: TrialOutcome }
  /** The trial was stopped by the search and is saved. */
  | { readonly kind: "stopped" }
  /** Something that would end every trial, such as data that has changed. */
  | { readonly kind: "error"; readonly message: string };
