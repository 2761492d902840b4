import type { LanguageEmbeddings } from "@dmrec/core";
import type { EmbeddingModel } from "ai";
import { fitTfIdfEncoder, type TfIdfEncoder } from "../tf-idf/tf-idf-encoder";
import { embedProfiles } from "./embed-profiles";
import type { EmbeddingOptions, EmbeddingReport } from "./embedding-options";
import { type ProfileText, textsOf } from "./missing-rows";

export interface ProfilesOfBoth extends EmbeddingOptions {
  /** A profile or its text for each user. */
  readonly users: readonly ProfileText[];
  /** A profile or its text for each item. */
  readonly items: readonly ProfileText[];
}

export interface EmbeddedLanguage<Model extends EmbeddingModel> {
  /** What `withMatching` takes. */
  readonly language: LanguageEmbeddings;
  /** What embedded them; what is said of a new user must be embedded by the same. */
  readonly model: Model;
  readonly reports: { readonly users: EmbeddingReport; readonly items: EmbeddingReport };
}

/**
 * Embeds the profiles of users and items by one model: the one given, or a TF-IDF encoder fitted on them.
 *
 * @throws as {@link embedProfiles} and {@link fitTfIdfEncoder} do.
 */
export function embedLanguage(options: ProfilesOfBoth): Promise<EmbeddedLanguage<TfIdfEncoder>>;
export function embedLanguage<Model extends EmbeddingModel>(
  options: ProfilesOfBoth & { readonly model: Model },
): Promise<EmbeddedLanguage<Model>>;
export async function embedLanguage({
  users,
  items,
  model: given,
  ...options
}: ProfilesOfBoth & { readonly model?: EmbeddingModel }): Promise<EmbeddedLanguage<EmbeddingModel>> {
  const model = given ?? fitTfIdfEncoder(textsOf([...items, ...users]).filter((text) => text !== undefined));
  let embeddedItems = await embedProfiles({ ...options, model, profiles: items });
  const { columnCount: width } = embeddedItems.embeddings;
  // Without a text, users have the width of the items; else they tell whether that was right.
  const isSaid = !options.dryRun && textsOf(users).every((text) => text === undefined);
  let embeddedUsers = await embedProfiles({
    ...options,
    ...(isSaid ? { width } : {}),
    model,
    profiles: users,
  });
  const other = embeddedUsers.embeddings.columnCount;
  if (other !== width) {
    if (users.length > items.length)
      embeddedItems = await embedProfiles({ ...options, width: other, model, profiles: items });
    else embeddedUsers = await embedProfiles({ ...options, width, model, profiles: users });
  }
  return {
    language: { users: embeddedUsers.embeddings, items: embeddedItems.embeddings },
    model,
    reports: { users: embeddedUsers.report, items: embeddedItems.report },
  };
}
