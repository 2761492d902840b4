import type { ProfileEmbeddings } from "@dmrec/core";
import type { EmbeddingModel } from "ai";
import { fitTfIdfEncoder, type TfIdfEncoder } from "../tf-idf/tf-idf-encoder";
import { embedGroups } from "./embed-groups";
import type { EmbeddingOptions, EmbeddingReport } from "./embedding-options";
import { type ProfileText, textsOf } from "./missing-rows";

export interface ProfilesOfBoth extends EmbeddingOptions {
  /** A profile or its text for each user. */
  readonly users: readonly ProfileText[];
  /** A profile or its text for each item. */
  readonly items: readonly ProfileText[];
}

/** Of users and items together: one run embeds both. */
export interface LanguageReport extends EmbeddingReport {
  /** Users and items without a text, filled as `missing` of the options says. */
  readonly missingUsers: number;
  readonly missingItems: number;
}

export interface EmbeddedLanguage<Model extends EmbeddingModel> {
  /** What `withMatching` takes. */
  readonly language: ProfileEmbeddings;
  /** What embedded them; what is said of a new user must be embedded by the same. */
  readonly model: Model;
  readonly report: LanguageReport;
}

/**
 * Embeds the profiles of users and items by one model, to one width: the one given, or a TF-IDF encoder fitted on them. A
 * text that both have is embedded once; `missing: "mean"` is the mean of the users, or of the items.
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
  const name = "embedLanguage";
  const groups = [
    { name: `${name} (items)`, profiles: items },
    { name: `${name} (users)`, profiles: users },
  ];
  const { embeddings, report } = await embedGroups(name, groups, { ...options, model });
  const countMissing = (profiles: readonly ProfileText[]) =>
    textsOf(profiles).filter((text) => text === undefined).length;
  return {
    language: { items: embeddings[0], users: embeddings[1] },
    model,
    report: { ...report, missingUsers: countMissing(users), missingItems: countMissing(items) },
  };
}
