import type { JSONObject } from "@ai-sdk/provider";
import type { Json } from "@dmrec/core";
import type { ModelParameters } from "../calls/language-model-call";
import { canonicalHash } from "../canonical-hash";
import type { ProfileSchema } from "../profile";
import type { Instructions } from "../prompts/instructions";
import { buildPrompt, type Prompt, toJsonSchema } from "../prompts/prompt";
import type { KnownForm } from "./known-form";

/** Everything that one profile depends on, so that it can be made in another process. */
export interface ProfileRequest extends Prompt {
  /** The hash of everything else and of the name and version of the instructions. */
  readonly key: string;
  /** The provider and name of the model. */
  readonly model: string;
  readonly schemaHash: string;
  /** The form of the reply if it is not of the run's own schema. */
  readonly form?: KnownForm | undefined;
  readonly parameters: ModelParameters;
}

export interface RequestOptions {
  /** The provider and name of the model. */
  readonly model: string;
  readonly instructions: Instructions;
  readonly schema: ProfileSchema;
  readonly parameters: ModelParameters;
}

/** Returns a function from the data about a user or item to the request for their profile. */
export function requestBuilder({
  model,
  instructions,
  schema,
  parameters,
}: RequestOptions): (data: Json) => ProfileRequest {
  const schemaHash = hashSchema(schema);
  const render = buildPrompt(instructions.text, schema);
  const { maxOutputTokens, temperature = null, providerOptions = {} } = parameters;
  const common = {
    model,
    // The names that keys of earlier results were hashed with: a change makes all of them stale.
    parameters: {
      maximumOutputTokens: maxOutputTokens,
      temperature,
      providerOptions: toJson(providerOptions),
    },
    template: { name: instructions.name, version: instructions.version },
    schema: schemaHash,
  };
  return (data) => {
    const prompt = render(data);
    const key = canonicalHash({ ...common, input: { system: prompt.system, prompt: prompt.prompt } });
    return { ...prompt, key, model, schemaHash, parameters };
  };
}

export function hashSchema(schema: ProfileSchema): string {
  return canonicalHash(toJsonSchema(schema));
}

/** Converts the options of providers to JSON, which drops absent ones. */
function toJson(options: Readonly<Record<string, JSONObject>>): Json {
  return JSON.parse(JSON.stringify(options));
}
