import type { ProfileSchema } from "../profile";
import type { Instructions } from "../prompts/instructions";

/** The question of a run to a language model about each subject. */
export interface Question {
  readonly instructions: Instructions;
  /** The form of the reply about a subject, by index. Subjects with replies of the same form share one schema. */
  readonly schemaOf: (index: number) => ProfileSchema;
}
