import type { Json } from "@dmrec/core";
import { z } from "zod";
import type { ProfileSchema } from "../profile";
import { dataBlock, dataBlockRule } from "./data-block";

/** The texts that are sent to a language model. */
export interface Prompt {
  readonly system: string;
  readonly prompt: string;
}

/**
 * Returns a function that puts data under instructions and the form of the answer. The form is also given in words, for
 * models without structured output.
 */
export function buildPrompt(instructions: string, schema: ProfileSchema): (data: Json) => Prompt {
  const system = [
    instructions,
    dataBlockRule,
    `Answer with one JSON object and nothing else, of this schema:\n${JSON.stringify(toJsonSchema(schema))}`,
  ].join("\n\n");
  return (data) => ({ system, prompt: dataBlock(data) });
}

/** The JSON schema of a reply, as sent to models. */
export function toJsonSchema(schema: ProfileSchema): Json {
  return JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io: "input" })));
}
