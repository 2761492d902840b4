import { parseOptions } from "@dmrec/core";
import { warnThroughNode } from "../calls/call-options";
import { profileSchema } from "../profile";
import { promptTemplates } from "../prompts/prompt-template";
import type { Subjects } from "./plan-profiles";
import { type GeneratedProfiles, ProfileRun } from "./profile-run";
import { type RunOptions, runSchema } from "./run-options";

/**
 * Checks the options of a run and completes it.
 *
 * @param owner The function that the caller called.
 * @throws InvalidOptionsError
 * @throws ProfileRunError if the run cannot go on or was aborted.
 * @throws StoreError
 */
export async function generateProfiles(
  owner: string,
  subjects: Subjects,
  options: RunOptions,
): Promise<GeneratedProfiles> {
  const {
    model,
    store,
    template = promptTemplates.neutral,
    schema = profileSchema(),
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
    settings,
    model,
    store,
    template,
    schema,
    providerOptions,
    queue,
    secrets,
    abortSignal,
    onProgress,
    onWarning,
  });
  return run.complete();
}
