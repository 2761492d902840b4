import { causeMessage, FileError, invalidOption } from "@dmrec/core";
import { type LoadOptions, parseLoadOptions } from "./load-options";
import { openRecommender } from "./open-recommender";
import type { ServedRecommender } from "./served-recommender";

/**
 * Loads a recommender that `model.export` of `@dmrec/trainer` wrote, in a browser. The caller closes it.
 *
 * @param model A URL to fetch, relative to the page, or the bytes of the file.
 * @throws FileError if the URL cannot be fetched.
 * @throws InvalidDataError if it is no exported recommender, is damaged, or contradicts itself.
 * @throws InvalidOptionsError if no runtime is given, or the options do not fit.
 * @example
 * import * as runtime from "onnxruntime-web";
 * const recommender = await loadRecommender("/best.onnx", { runtime });
 */
export async function loadRecommender(
  model: string | URL | Uint8Array,
  options: LoadOptions = {},
): Promise<ServedRecommender> {
  const { threads, runtime } = parseLoadOptions(options);
  if (!runtime) {
    const message = 'missing; a browser needs one, such as `import * as runtime from "onnxruntime-web"`';
    throw invalidOption("loadRecommender.runtime", message);
  }
  const bytes = model instanceof Uint8Array ? model : await fetchModel(model);
  const source = model instanceof Uint8Array ? "the model" : String(model);
  return openRecommender(bytes, { source, threads, runtime });
}

async function fetchModel(url: string | URL): Promise<Uint8Array> {
  try {
    const response = await fetch(url);
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
    throw new FileError(String(url), `HTTP status ${response.status}`);
  } catch (cause) {
    if (FileError.isInstance(cause)) throw cause;
    throw new FileError(String(url), causeMessage(cause), { cause });
  }
}
