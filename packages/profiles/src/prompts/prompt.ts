import type { Json } from "@dmrec/core";
import { z } from "zod";
import type { ProfileSchema } from "../profile";
import { dataBlock, dataBlockRule } from "./data-block";

/** What is sent to a language model. */
export interface Prompt {
  readonly system: string;
  readonly prompt: string;
}

/** Instructions, the form of the answer and the data. The form is told in words too, for models without structured output. */
export function renderPrompt(instructions: string, schema: ProfileSchema, data: Json): Prompt {
  return {
    system: [
      instructions,
      "If the data does not suffice to say anything, set `sufficient` to false and `summary` to null; do not invent.",
      dataBlockRule,
      `Answer with one JSON object and nothing else, of this schema:\n${JSON.stringify(z.toJSONSchema(schema))}`,
    ].join("\n\n"),
    prompt: dataBlock(data),
  };
}
