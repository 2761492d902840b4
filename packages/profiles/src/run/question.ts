import type { KnownForm } from "../make/known-form";
import type { ProfileSchema } from "../profile";
import type { Instructions } from "../prompts/instructions";

/** The question of a run to a language model about each subject. */
export interface Question {
  readonly instructions: Instructions;
  /** The form of the reply about a subject, by index. Subjects with replies of the same form share one schema. */
  readonly schemaOf: (index: number) => ProfileSchema;
  /** The name of that form for workers. Absent if the schema is the caller's, which the caller gives to workers, too. */
  readonly formOf?: (index: number) => KnownForm;
}
