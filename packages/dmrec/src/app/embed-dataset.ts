import { InvalidDataError, type SplitDataset } from "@dmrec/core";
import { fitTfIdfEncoder, type TfIdfEncoder } from "@dmrec/encoders";
import { type EmbeddingOptions, embedUsersAndItems, type UsersAndItemsReport } from "@dmrec/profiles";
import type { EmbeddingModel } from "ai";

/** A dataset with the embeddings of its profiles. */
export interface EmbeddedDataset<Model extends EmbeddingModel> {
  readonly data: SplitDataset;
  /** The encoder of the profiles. {@link recommendFromText} must embed a new user's text with the same one. */
  readonly encoder: Model;
  /** Counts and costs of the embedding, and the number of users and items without a profile. */
  readonly report: UsersAndItemsReport;
}

/**
 * Embeds the profiles of a dataset by an embedding model, or by a TF-IDF encoder fitted on them. A user or item without a
 * profile gets the zero vector, which says nothing, unless `missing` says otherwise; the report counts them.
 *
 * @throws InvalidDataError if the data has no profiles of users or of items.
 * @throws ModelCallError
 * @example
 * const { data, encoder } = await embedDataset(await loadDataset("my-data"));
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
  const { profileEmbeddings, report } = await embedUsersAndItems({
    missing: "zero",
    ...options,
    users,
    items,
    model: encoder,
  });
  return { data: { ...data, profileEmbeddings }, encoder, report };
}
