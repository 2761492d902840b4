import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { InvalidDataError } from "@dmrec/core";
import {
  fitTfIdfEncoder,
  loadLocalEncoder,
  loadUseLiteEncoder,
  type TfIdfEncoder,
  type TfIdfOptions,
} from "@dmrec/encoders";
import type { EmbeddingModel } from "ai";
import { InvalidArgumentError } from "commander";

/** An encoder that turns profiles and texts into embeddings. */
export interface ProfileEncoder {
  /** Its name in messages. */
  readonly title: string;
  /** The encoder if it was fitted on the data: a run keeps it. A pretrained one is installed and not kept. */
  readonly fitted?: TfIdfEncoder;
  /** Loads it at the first call. */
  load(): Promise<EmbeddingModel>;
}

const [tfIdf, useLite] = ["tf-idf", "use-lite"];

/** Parses the name of an encoder; the folder of a transformer becomes an absolute path. */
export function encoderName(text: string): string {
  if (text === tfIdf || text === useLite) return text;
  if (existsSync(join(text, "tokenizer.json"))) return resolve(text);
  throw new InvalidArgumentError(
    `expected ${tfIdf}, ${useLite}, or the folder of a transformer with model.onnx and tokenizer.json.`,
  );
}

/** True for a pretrained encoder, which is not fitted on the data of a run. */
export function isPretrained(name: string | undefined): boolean {
  return name !== undefined && name !== tfIdf;
}

/**
 * The encoder of a name.
 *
 * @param texts The texts to fit it on, if it needs to be fitted.
 */
export function profileEncoder(
  name: string | undefined,
  texts: () => readonly string[],
  width?: number,
): ProfileEncoder {
  if (name === undefined || name === tfIdf)
    return fittedEncoder(fitted(texts(), width === undefined ? {} : { width }), "TF-IDF");
  if (name === useLite) return pretrained("the Universal Sentence Encoder lite", () => loadUseLiteEncoder());
  return pretrained(name, () => loadLocalEncoder(name));
}

/** @throws InvalidDataError that names flags instead of options, if the texts share no word. */
function fitted(texts: readonly string[], options: TfIdfOptions): TfIdfEncoder {
  try {
    return fitTfIdfEncoder(texts, options);
  } catch (cause) {
    if (!InvalidDataError.isInstance(cause)) throw cause;
    throw new InvalidDataError({
      source: "the profiles",
      actual: cause.actual,
      expected: "profiles that share words; --embeddings given does without profiles",
      cause,
    });
  }
}

/** An encoder that was fitted on the data. */
export function fittedEncoder(fitted: TfIdfEncoder, title: string): ProfileEncoder {
  return { title, fitted, load: async () => fitted };
}

function pretrained(title: string, load: () => Promise<EmbeddingModel>): ProfileEncoder {
  let loaded: Promise<EmbeddingModel> | undefined;
  return {
    title,
    load() {
      loaded ??= load();
      return loaded;
    },
  };
}
