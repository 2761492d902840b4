import type { ProfileSchema } from "../profile";
import type { Instructions } from "../prompts/instructions";

/** What a run asks a language model about each of its subjects. */
export interface Question {
  readonly instructions: Instructions;
  /** The form of the reply about a subject, by index. Subjects with replies of the same form share one schema. */
  readonly schemaOf: (index: number) => ProfileSchema;
}
