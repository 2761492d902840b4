import { readFile } from "node:fs/promises";
import { causeMessage, FileError, loadOnnxRuntime } from "@dmrec/core";
import { type LoadOptions, parseLoadOptions } from "./load-options";
import { openRecommender } from "./open-recommender";
import type { ServedRecommender } from "./served-recommender";

/**
 * Loads a recommender that `model.export` of `@dmrec/trainer` wrote. The caller closes it.
 *
 * @param model The path or URL of a file, or its bytes. In a browser, a URL is fetched.
 * @throws FileError if the file cannot be read.
 * @throws InvalidDataError if it is no exported recommender, is damaged, or contradicts itself.
 * @throws InvalidOptionsError
 * @throws UnsupportedError if no runtime is given and onnxruntime-node does not load.
 * @example
 * await using recommender = await loadRecommender("best.onnx");
 * await recommender.recommend({ interactions: ["item-3"], count: 5 });
 */
export async function loadRecommender(
  model: string | URL | Uint8Array,
  options: LoadOptions = {},
): Promise<ServedRecommender> {
  const { threads, runtime } = parseLoadOptions(options);
  const bytes = model instanceof Uint8Array ? model : await readModel(model);
  const source = model instanceof Uint8Array ? "the model" : String(model);
  return openRecommender(bytes, { source, threads, runtime: runtime ?? (await loadOnnxRuntime()) });
}

async function readModel(file: string | URL): Promise<Uint8Array> {
  return readFile(file).catch((cause: unknown) => {
    throw new FileError(String(file), causeMessage(cause), { cause });
  });
}
