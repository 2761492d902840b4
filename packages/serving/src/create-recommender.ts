import { DMRecError, InvalidDataError, parseOptions } from "@dmrec/core";
import type { InferenceSession } from "onnxruntime-common";
import { z } from "zod";
import { type ModelMetadata, readMetadata } from "./model-file";
import { OnnxRecommender, type OnnxRuntime } from "./recommender";

const optionsSchema = z.strictObject({
  /** Threads of a run; a single recommendation is fastest on one. */
  threads: z.int().positive().default(1),
});

export interface RecommenderOptions extends z.input<typeof optionsSchema> {
  /** What runs the model: by default onnxruntime-node; in a browser, give `onnxruntime-web`. */
  readonly runtime?: OnnxRuntime;
}

/**
 * Loads a recommender that `exportOnnx` of `@dmrec/trainer` wrote.
 *
 * @param model A file's name, or its bytes.
 * @throws InvalidDataError where it cannot be read, is no such file, or names other items than it scores.
 * @throws InvalidOptionsError
 * @throws DMRecError (`unsupported`) where no ONNX Runtime is installed.
 */
export async function createRecommender(
  model: string | Uint8Array,
  options: RecommenderOptions = {},
): Promise<OnnxRecommender> {
  const { runtime: given, ...rest } = options;
  const { threads } = parseOptions("createRecommender", optionsSchema, rest);
  const source = typeof model === "string" ? model : "the model";
  const bytes = typeof model === "string" ? await readModel(model) : model;
  const metadata = readMetadata(bytes, source);
  const runtime = given ?? (await loadRuntime());
  const session = await runtime.InferenceSession.create(bytes, { intraOpNumThreads: threads }).catch(
    (cause: unknown) => {
      const message = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
      const actual = `a model that ONNX Runtime does not load (${message})`;
      throw new InvalidDataError({ source, actual, expected: "a whole ONNX file", cause });
    },
  );
  try {
    assertItemsFit(session, metadata, source);
    return new OnnxRecommender(runtime, session, metadata);
  } catch (error) {
    await session.release();
    throw error;
  }
}

/** Identifiers of other items than the model scores would give items that do not exist, or hide some. */
function assertItemsFit(
  { outputMetadata }: InferenceSession,
  { items }: ModelMetadata,
  source: string,
): void {
  const scores = outputMetadata.find(({ name }) => name === "scores");
  const itemCount = scores?.isTensor ? scores.shape.at(-1) : undefined;
  if (typeof itemCount !== "number") return;
  for (const [what, values] of Object.entries({ identifiers: items.ids, names: items.names })) {
    if (values === undefined || values.length === itemCount) continue;
    throw new InvalidDataError({
      source,
      actual: `${what} of ${values.length} items`,
      expected: `of ${itemCount}, as many as the model scores`,
    });
  }
}

async function readModel(file: string): Promise<Uint8Array> {
  // Not imported above: a browser has no files and gives bytes.
  const { readFile } = await import("node:fs/promises");
  return readFile(file).catch((cause: unknown) => {
    const actual = cause instanceof Error ? cause.message : String(cause);
    throw new InvalidDataError({ source: file, actual, expected: "a file that can be read", cause });
  });
}

async function loadRuntime(): Promise<OnnxRuntime> {
  return import("onnxruntime-node").catch((cause: unknown) => {
    throw new DMRecError(
      "unsupported",
      "onnxruntime-node is not installed; install it (with ONNXRUNTIME_NODE_INSTALL=skip in the environment where its script cannot download: the CPU needs nothing more), or give onnxruntime-web as the option runtime",
      { cause },
    );
  });
}
