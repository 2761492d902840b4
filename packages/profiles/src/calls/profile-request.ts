import type { JSONObject } from "@ai-sdk/provider";
import { z } from "zod";
import { canonicalHash } from "../canonical-hash";
import type { ProfileSchema } from "../profile";
import type { Prompt } from "../prompts/prompt";
import type { PromptTemplate } from "../prompts/prompt-template";
import type { ModelParameters } from "./language-model-call";

/** All that one profile depends on: it may be answered in another process. */
export interface ProfileRequest extends Prompt {
  /** The hash of all else, and of the template and the schema. */
  readonly key: string;
  /** The model's provider and name. */
  readonly model: string;
  readonly schemaHash: string;
  readonly parameters: ModelParameters;
}

export function profileRequest(
  prompt: Prompt,
  model: string,
  { name, version }: PromptTemplate,
  schema: ProfileSchema,
  parameters: ModelParameters,
): ProfileRequest {
  const schemaHash = hashSchema(schema);
  const { maximumOutputTokens, temperature = null, providerOptions = {} } = parameters;
  const key = canonicalHash({
    model,
    parameters: { maximumOutputTokens, temperature, providerOptions: jsonOf(providerOptions) },
    template: { name, version },
    schema: schemaHash,
    input: { system: prompt.system, prompt: prompt.prompt },
  });
  return { ...prompt, key, model, schemaHash, parameters };
}

export function hashSchema(schema: ProfileSchema): string {
  return canonicalHash(JSON.parse(JSON.stringify(z.toJSONSchema(schema))));
}

/** The options of providers as JSON: absent ones dropped. */
function jsonOf(options: Readonly<Record<string, JSONObject>>) {
  return JSON.parse(JSON.stringify(options));
}
