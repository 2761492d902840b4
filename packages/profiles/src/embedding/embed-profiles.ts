import type { DenseMatrix } from "@dmrec/core";
import type { EmbeddingModel } from "ai";
import { embedGroups } from "./embed-groups";
import type { EmbeddingOptions, EmbeddingReport } from "./embedding-options";
import type { ProfileText } from "./missing-rows";

export interface EmbedProfilesOptions extends EmbeddingOptions {
  /** Any embedding model of the AI SDK; those of {@link loadLocalEncoder} and {@link fitTfIdfEncoder} are such. */
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
 * Embeds profiles by any embedding model (Zhang et al. 2025, eq. 5). Every row of the result exists, and is finite.
 *
 * @throws InvalidDataError for rows without a text, unless `missing` says what stands for them.
 * @throws ModelCallError where a call fails for good, or might pass `maximumCost`; what was embedded before is in the store.
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
 * The embedding of one text, `[width]`.
 *
 * @throws InvalidDataError for an empty one.
 * @throws ModelCallError
 */
export async function embedText(
  model: EmbeddingModel,
  text: string,
  options: Omit<EmbeddingOptions, "missing" | "dryRun"> = {},
): Promise<Float32Array> {
  const { embeddings } = await embedProfiles({ ...options, model, profiles: [text] });
  return embeddings.values;
}
