import { profileSchema } from "../profile";
import { profileInstructions } from "../prompts/instructions";
import { promptTemplates } from "../prompts/prompt-template";
import { askOfEach } from "./ask-of-each";
import type { Subjects } from "./plan-profiles";
import type { GeneratedProfiles } from "./profile-run";
import type { RunOptions } from "./run-options";

/**
 * Has a language model write a profile of each subject, by the template and the schema of the options.
 *
 * @param owner The function that the caller called.
 * @throws InvalidOptionsError
 * @throws ProfileRunError if the run cannot go on or was aborted.
 * @throws StoreError
 */
export function generateProfiles(
  owner: string,
  subjects: Subjects,
  { template = promptTemplates.neutral, schema = profileSchema(), ...options }: RunOptions,
): Promise<GeneratedProfiles> {
  const instructions = profileInstructions(template, subjects.entity);
  return askOfEach(owner, subjects, { instructions, schemaOf: () => schema }, options);
}
