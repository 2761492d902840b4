import type { Entity } from "../store/entity";
import type { PromptTemplate } from "./prompt-template";

/** The instructions to a language model, before the data of a prompt. */
export interface Instructions {
  readonly name: string;
  /** Incremented with every change of the text, which makes answers to the old one stale. */
  readonly version: number;
  readonly text: string;
}

/** The instruction for insufficient data, in the words of the schema of profiles. */
export const insufficiencyRule =
  "If the data does not suffice to say anything, set `sufficient` to false and `summary` to null; do not invent.";

/** The instructions of a template for profiles of users or of items. */
export function profileInstructions(template: PromptTemplate, entity: Entity["entity"]): Instructions {
  const { name, version } = template;
  return { name, version, text: `${template[entity]}\n\n${insufficiencyRule}` };
}
