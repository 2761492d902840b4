import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { causeMessage, InvalidDataError } from "@dmrec/core";
import { z } from "zod";
import { type PoolingMode, poolingModes } from "./pooling";

const modulesSchema = z.array(z.object({ path: z.string(), type: z.string() }));
const poolingSchema = z.record(z.string(), z.unknown());
const promptsSchema = z.object({
  prompts: z.record(z.string(), z.string()).default({}),
  default_prompt_name: z.string().nullish(),
});
const lengthSchema = z.object({ max_seq_length: z.int().positive().nullish() });
const tokenizerConfigSchema = z
  .object({ model_max_length: z.number().positive().nullish() })
  .catchall(z.unknown());
const modelConfigSchema = z.object({ pad_token_id: z.int().nonnegative().nullish() });

/** The settings of an encoder in a folder with the layout of sentence-transformers. */
export interface EncoderFolder {
  readonly modelFile: string;
  readonly tokenizer: object;
  readonly tokenizerConfig: object;
  readonly pooling: PoolingMode;
  readonly normalize: boolean;
  /** Tokens of a text that the model sees. */
  readonly maximumTokens: number;
  readonly prompts: Readonly<Record<string, string>>;
  readonly defaultPrompt: string;
  readonly padToken: number;
}

/** The usual length of BERT's positions, the default of a folder. */
const usualLength = 512;

/**
 * Reads everything of an encoder but the weights.
 *
 * @throws InvalidDataError naming the file.
 */
export async function readEncoderFolder(folder: string): Promise<EncoderFolder> {
  const modelFile = ["model.onnx", "onnx/model.onnx"].map((name) => join(folder, name)).find(existsSync);
  if (!modelFile) {
    throw new InvalidDataError({
      source: folder,
      actual: "neither model.onnx nor onnx/model.onnx",
      expected: "a folder with an ONNX model and its tokenizer.json, in the layout of sentence-transformers",
    });
  }
  const tokenizer = await readJson(join(folder, "tokenizer.json"), z.record(z.string(), z.unknown()));
  const tokenizerConfig = await readOptional(join(folder, "tokenizer_config.json"), tokenizerConfigSchema);
  const modules = await readOptional(join(folder, "modules.json"), modulesSchema);
  const { prompts, default_prompt_name } = (await readOptional(
    join(folder, "config_sentence_transformers.json"),
    promptsSchema,
  )) ?? { prompts: {}, default_prompt_name: null };
  const length = await readOptional(join(folder, "sentence_bert_config.json"), lengthSchema);
  const config = await readOptional(join(folder, "config.json"), modelConfigSchema);
  const kinds = (modules ?? []).map(({ type }) => type.split(".").at(-1) ?? type);
  const unknown = kinds.find((kind) => !["Transformer", "Pooling", "Normalize"].includes(kind));
  if (unknown !== undefined) {
    const expected = "only Transformer, Pooling and Normalize";
    throw new InvalidDataError({
      source: join(folder, "modules.json"),
      actual: `a module ${unknown}`,
      expected,
    });
  }
  const poolingPath = modules?.find(({ type }) => type.endsWith("Pooling"))?.path ?? "1_Pooling";
  return {
    modelFile,
    tokenizer,
    tokenizerConfig: tokenizerConfig ?? {},
    pooling: await readPooling(join(folder, poolingPath, "config.json")),
    // Without modules.json the folder does not say. Nearly all such models are compared by embeddings of length 1.
    normalize: modules === undefined || kinds.includes("Normalize"),
    maximumTokens:
      length?.max_seq_length ?? Math.min(usualLength, tokenizerConfig?.model_max_length ?? usualLength),
    prompts,
    defaultPrompt: default_prompt_name ? (prompts[default_prompt_name] ?? "") : "",
    padToken: config?.pad_token_id ?? 0,
  };
}

/** The pooling of a folder; the mean by default. */
async function readPooling(file: string): Promise<PoolingMode> {
  const config = await readOptional(file, poolingSchema);
  if (!config) return "mean";
  const chosen = Object.entries(config)
    .filter(([name, value]) => name.startsWith("pooling_mode_") && value === true)
    .map(([name]) => name.replace(/^pooling_mode_|_tokens?$/g, ""));
  const mode = poolingModes.find((name) => chosen.length === 1 && chosen[0] === name);
  if (mode) return mode;
  const actual = `pooling by ${chosen.join(" and ") || "nothing"}`;
  throw new InvalidDataError({ source: file, actual, expected: `one of ${poolingModes.join(", ")}` });
}

async function readOptional<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): Promise<z.output<Schema> | undefined> {
  return existsSync(file) ? readJson(file, schema) : undefined;
}

async function readJson<Schema extends z.ZodType>(file: string, schema: Schema): Promise<z.output<Schema>> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    const actual = `cannot be read (${causeMessage(cause)})`;
    throw new InvalidDataError({ source: file, actual, expected: "JSON of an encoder", cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  const location = path.length > 0 ? path.join(".") : "the whole";
  throw new InvalidDataError({ source: file, location, actual: message, expected: "JSON of an encoder" });
}
