import { InvalidDataError, type SplitDataset } from "@dmrec/core";
import {
  type EmbeddingOptions,
  embedLanguage,
  fitTfIdfEncoder,
  type LanguageReport,
  type TfIdfEncoder,
} from "@dmrec/profiles";
import type { EmbeddingModel } from "ai";

/** A dataset with the embeddings of its profiles, and what made them. */
export interface EmbeddedDataset<Model extends EmbeddingModel> {
  readonly data: SplitDataset;
  /** A new user's text must be embedded by the same: give it to {@link recommendFromText}. */
  readonly encoder: Model;
  /** What embedding took, and how many users and items have no profile. */
  readonly report: LanguageReport;
}

/**
 * Embeds the profiles of a dataset by an embedding model, or by a TF-IDF encoder fitted on them. Whoever has no profile
 * gets the zero vector, which says nothing, unless `missing` says otherwise; the report counts them.
 *
 * @throws InvalidDataError where the data has no profiles of users or of items.
 * @throws ModelCallError
 */
export function embedDataset(
  data: SplitDataset,
  options?: EmbeddingOptions,
): Promise<EmbeddedDataset<TfIdfEncoder>>;
export function embedDataset<Model extends EmbeddingModel>(
  data: SplitDataset,
  options: EmbeddingOptions & { readonly model: Model },
): Promise<EmbeddedDataset<Model>>;
export async function embedDataset(
  data: SplitDataset,
  { model, ...options }: EmbeddingOptions & { readonly model?: EmbeddingModel } = {},
): Promise<EmbeddedDataset<EmbeddingModel>> {
  const { userProfiles: users, itemProfiles: items } = data;
  if (!users || !items) {
    throw new InvalidDataError({
      source: data.name,
      actual: `no profiles of ${users ? "items" : items ? "users" : "users and items"}`,
      expected: "user_profiles.json and item_profiles.json, or profiles made by @dmrec/profiles",
    });
  }
  const encoder = model ?? fitTfIdfEncoder([...items, ...users]);
  const { language, report } = await embedLanguage({
    missing: "zero",
    ...options,
    users,
    items,
    model: encoder,
  });
  return { data: { ...data, language }, encoder, report };
}
