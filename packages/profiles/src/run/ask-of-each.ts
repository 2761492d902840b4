import { parseOptions } from "@dmrec/core";
import { warnThroughNode } from "../calls/call-options";
import type { Subjects } from "./plan-profiles";
import { type GeneratedProfiles, ProfileRun } from "./profile-run";
import type { Question } from "./question";
import { type RunOptions, runSchema } from "./run-options";

/**
 * Checks the options of a run, completes it, and returns what the model answered about each subject.
 *
 * @param owner The function that the caller called.
 * @throws InvalidOptionsError
 * @throws ProfileRunError if the run cannot go on or was aborted.
 * @throws StoreError
 */
export async function askOfEach(
  owner: string,
  subjects: Subjects,
  question: Question,
  options: Omit<RunOptions, "template" | "schema">,
): Promise<GeneratedProfiles> {
  const {
    model,
    store,
    providerOptions,
    queue,
    secrets = [],
    abortSignal,
    onProgress = () => {},
    onWarning = warnThroughNode,
    ...rest
  } = options;
  const settings = parseOptions(owner, runSchema, rest);
  const run = new ProfileRun(subjects, {
    question,
    settings,
    model,
    store,
    providerOptions,
    queue,
    secrets,
    abortSignal,
    onProgress,
    onWarning,
  });
  return run.complete();
}
