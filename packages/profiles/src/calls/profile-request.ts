import type { JSONObject } from "@ai-sdk/provider";
import type { Json } from "@dmrec/core";
import { canonicalHash } from "../canonical-hash";
import type { ProfileSchema } from "../profile";
import { jsonSchemaOf, type Prompt, promptOf } from "../prompts/prompt";
import type { PromptTemplate } from "../prompts/prompt-template";
import type { ModelParameters } from "./language-model-call";

/** All that one profile depends on: it may be answered in another process. */
export interface ProfileRequest extends Prompt {
  /** The hash of all else, and of the template. */
  readonly key: string;
  /** The model's provider and name. */
  readonly model: string;
  readonly schemaHash: string;
  readonly parameters: ModelParameters;
}

export interface RequestOptions {
  /** The model's provider and name. */
  readonly model: string;
  readonly template: PromptTemplate;
  readonly kind: "item" | "user";
  readonly schema: ProfileSchema;
  readonly parameters: ModelParameters;
}

/** Makes requests of what is known about each user or item. */
export function requestsOf({
  model,
  template,
  kind,
  schema,
  parameters,
}: RequestOptions): (data: Json) => ProfileRequest {
  const schemaHash = hashSchema(schema);
  const render = promptOf(template[kind], schema);
  const { maximumOutputTokens, temperature = null, providerOptions = {} } = parameters;
  const common = {
    model,
    parameters: { maximumOutputTokens, temperature, providerOptions: jsonOf(providerOptions) },
    template: { name: template.name, version: template.version },
    schema: schemaHash,
  };
  return (data) => {
    const prompt = render(data);
    const key = canonicalHash({ ...common, input: { system: prompt.system, prompt: prompt.prompt } });
    return { ...prompt, key, model, schemaHash, parameters };
  };
}

export function hashSchema(schema: ProfileSchema): string {
  return canonicalHash(jsonSchemaOf(schema));
}

/** The options of providers as JSON: absent ones dropped. */
function jsonOf(options: Readonly<Record<string, JSONObject>>): Json {
  return JSON.parse(JSON.stringify(options));
}
