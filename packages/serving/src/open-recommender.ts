import {
  causeMessage,
  type ExportedMetadata,
  exportedModel,
  InvalidDataError,
  type OnnxRuntime,
} from "@dmrec/core";
import type { InferenceSession } from "onnxruntime-common";
import { readMetadata } from "./model-metadata";
import { ServedRecommender } from "./served-recommender";

export interface OpenRecommenderOptions {
  /** The file's name, for messages. */
  readonly source: string;
  readonly threads: number;
  readonly runtime: OnnxRuntime;
}

/**
 * Opens the bytes of an exported recommender.
 *
 * @throws InvalidDataError if they are no exported recommender, are damaged, or contradict themselves.
 */
export async function openRecommender(
  bytes: Uint8Array,
  { source, threads, runtime }: OpenRecommenderOptions,
): Promise<ServedRecommender> {
  const metadata = readMetadata(bytes, source);
  const session = await runtime.InferenceSession.create(bytes, { intraOpNumThreads: threads }).catch(
    (cause: unknown) => {
      const actual = `a model that ONNX Runtime does not load (${causeMessage(cause)})`;
      throw new InvalidDataError({ source, actual, expected: "a complete ONNX file", cause });
    },
  );
  try {
    assertItemsFit(session, metadata, source);
    assertUsersFit(session, metadata, source);
    return new ServedRecommender(runtime, session, metadata);
  } catch (error) {
    await session.release();
    throw error;
  }
}

/** With another number of identifiers than scores, items would be missing or would not exist. */
function assertItemsFit(
  { outputMetadata }: InferenceSession,
  { items, columns = {} }: ExportedMetadata,
  source: string,
): void {
  const scores = outputMetadata.find(({ name }) => name === exportedModel.outputs.scores);
  const itemCount = scores?.isTensor ? scores.shape.at(-1) : undefined;
  if (typeof itemCount !== "number") return;
  const lists = Object.entries(columns).map(([name, { values }]) => [`values of ${name}`, values] as const);
  for (const [what, values] of [["identifiers", items.ids], ["names", items.names], ...lists] as const) {
    if (values === undefined || values.length === itemCount) continue;
    throw new InvalidDataError({
      source,
      actual: `${what} of ${values.length} items`,
      expected: `${itemCount}, as many as the model scores`,
    });
  }
}

/** A model that reads the user's index has an input for it, and identifiers of the users. */
function assertUsersFit(
  { inputNames }: InferenceSession,
  { reads, users }: ExportedMetadata,
  source: string,
): void {
  const input = exportedModel.inputs.users;
  const hasInput = inputNames.includes(input);
  if (hasInput !== reads.userIndex) {
    const actual = `a model ${hasInput ? "with" : "without"} the input "${input}"`;
    throw new InvalidDataError({
      source,
      actual,
      expected: `${hasInput ? "none" : "one"}, as its metadata says`,
    });
  }
  if (reads.userIndex && !users)
    throw new InvalidDataError({
      source,
      actual: "metadata without identifiers of users",
      expected: "them, because the model reads the user's index",
    });
}
