import type { TfIdfEncoder } from "@dmrec/encoders";
import type { ServedRecommender, ServingAudience } from "@dmrec/serving";
import type { Taste } from "./taste";

/** The exported model that answers a taste, and the encoder of texts if the model reads them. */
export interface TasteModel {
  readonly recommender: Pick<ServedRecommender, "itemIds" | "scoreAll" | "reads">;
  readonly encoder?: TfIdfEncoder | undefined;
}

/** The words of a taste that the model reads, in lower case; none if it reads no texts. */
export function knownWords({ encoder }: TasteModel, { words }: Pick<Taste, "words">): readonly string[] {
  return encoder?.knownWords(words) ?? [];
}

/** The audience of some picks and known words. */
export function audienceOf(
  { recommender, encoder }: TasteModel,
  picks: readonly number[],
  words: readonly string[],
): ServingAudience {
  return {
    ...(picks.length > 0 && { interactions: picks.map((item) => recommender.itemIds[item]) }),
    ...(encoder && words.length > 0 && { profileEmbedding: encoder.embed(words.join(" ")) }),
  };
}

/** Words of more than a third of the texts say little: their inverse document frequency is below ln 3 + 1. */
const leastTelling = Math.log(3) + 1;

/** The distinct words that may be reasons: those that tell texts apart, or all of them if none does. */
export function tellingWords({ encoder }: TasteModel, words: readonly string[]): readonly string[] {
  const distinct = [...new Set(words)];
  if (!encoder) return distinct;
  const { terms, inverseDocumentFrequencies } = encoder.state.vocabulary;
  const telling = distinct.filter((word) => inverseDocumentFrequencies[terms.indexOf(word)] >= leastTelling);
  return telling.length > 0 ? telling : distinct;
}
