import type { DenseMatrix } from "@dmrec/core";
import type { EmbeddingModel } from "ai";
import { embedGroups } from "./embed-groups";
import type { EmbeddingOptions, EmbeddingReport } from "./embedding-options";
import type { ProfileText } from "./missing-rows";

export interface EmbedProfilesOptions extends EmbeddingOptions {
  /** Any embedding model of the AI SDK, including `loadLocalEncoder` and `fitTfIdfEncoder` of `@dmrec/encoders`. */
  readonly model: EmbeddingModel;
  /** A profile or its text for each row. */
  readonly profiles: readonly ProfileText[];
}

export interface EmbeddedProfiles {
  /** `[rows, width]`: a row for each profile, in their order. */
  readonly embeddings: DenseMatrix;
  readonly report: EmbeddingReport;
}

/**
 * Embeds profiles by any embedding model (Zhang et al. 2025, eq. 5). Every row of the result exists and is finite.
 *
 * @example
 * const { embeddings } = await embedProfiles({ model, profiles: ["A captain's letters.", "A year of bread."] });
 *
 * @throws InvalidDataError for rows without a text, unless `missing` says how to fill them.
 * @throws ModelCallError if a call fails for good, or might pass `maxCost`; earlier embeddings are in the store.
 * @throws InvalidOptionsError
 */
export async function embedProfiles({
  profiles,
  ...options
}: EmbedProfilesOptions): Promise<EmbeddedProfiles> {
  const name = "embedProfiles";
  const { embeddings, report } = await embedGroups(name, [{ name, profiles }], options);
  return { embeddings: embeddings[0], report };
}

/**
 * Embeds one text. Returns its embedding, `[width]`.
 *
 * @example
 * const profileEmbedding = await embedText(model, "Likes any captain.");
 *
 * @throws InvalidDataError for an empty text.
 * @throws ModelCallError
 * @throws InvalidOptionsError
 */
export async function embedText(
  model: EmbeddingModel,
  text: string,
  options: Omit<EmbeddingOptions, "missing" | "dryRun"> = {},
): Promise<Float32Array> {
  const name = "embedText";
  const { embeddings } = await embedGroups(name, [{ name, profiles: [text] }], { ...options, model });
  return embeddings[0].values;
}
