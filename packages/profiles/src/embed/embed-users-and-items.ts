import type { ProfileEmbeddings } from "@dmrec/core";
import { fitTfIdfEncoder, type TfIdfEncoder } from "@dmrec/encoders";
import type { EmbeddingModel } from "ai";
import { embedGroups } from "./embed-groups";
import type { EmbeddingOptions, EmbeddingReport } from "./embedding-options";
import { type ProfileText, textsOf } from "./missing-rows";

export interface EmbedUsersAndItemsOptions extends EmbeddingOptions {
  /** A profile or its text for each user. */
  readonly users: readonly ProfileText[];
  /** A profile or its text for each item. */
  readonly items: readonly ProfileText[];
}

/** The report of one run for users and items together. */
export interface UsersAndItemsReport extends EmbeddingReport {
  /** Users without a text, filled according to `missing`. */
  readonly missingUsers: number;
  /** Items without a text, filled according to `missing`. */
  readonly missingItems: number;
}

export interface EmbeddedUsersAndItems<Model extends EmbeddingModel> {
  /** The embeddings that `withMatching` takes. */
  readonly profileEmbeddings: ProfileEmbeddings;
  /** The model that embedded them, which must also embed the text of a new user. */
  readonly model: Model;
  readonly report: UsersAndItemsReport;
}

/**
 * Embeds the profiles of users and items by one model, to one width. Fits a TF-IDF encoder on them if there is no model. A
 * text of both is embedded once; `missing: "mean"` is the mean of the users, or of the items.
 *
 * @example
 * const { profileEmbeddings, model } = await embedUsersAndItems({
 *   items: ["A captain's letters.", "A year of bread."],
 *   users: ["Likes any captain."],
 * });
 *
 * @throws as {@link embedProfiles} and {@link fitTfIdfEncoder} do.
 */
export function embedUsersAndItems(
  options: EmbedUsersAndItemsOptions,
): Promise<EmbeddedUsersAndItems<TfIdfEncoder>>;
export function embedUsersAndItems<Model extends EmbeddingModel>(
  options: EmbedUsersAndItemsOptions & { readonly model: Model },
): Promise<EmbeddedUsersAndItems<Model>>;
export async function embedUsersAndItems({
  users,
  items,
  model: ownModel,
  ...options
}: EmbedUsersAndItemsOptions & { readonly model?: EmbeddingModel }): Promise<
  EmbeddedUsersAndItems<EmbeddingModel>
> {
  const model =
    ownModel ?? fitTfIdfEncoder(textsOf([...items, ...users]).filter((text) => text !== undefined));
  const name = "embedUsersAndItems";
  const groups = [
    { name: `${name} (items)`, profiles: items },
    { name: `${name} (users)`, profiles: users },
  ];
  const { embeddings, report } = await embedGroups(name, groups, { ...options, model });
  const countMissing = (profiles: readonly ProfileText[]) =>
    textsOf(profiles).filter((text) => text === undefined).length;
  return {
    profileEmbeddings: { items: embeddings[0], users: embeddings[1] },
    model,
    report: { ...report, missingUsers: countMissing(users), missingItems: countMissing(items) },
  };
}
