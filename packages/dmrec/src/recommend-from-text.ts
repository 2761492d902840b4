import { DMRecError, InvalidDataError, type Recommender, type SplitDataset } from "@dmrec/core";
import { embedText } from "@dmrec/profiles";
import type { ModelTrainer } from "@dmrec/trainer";
import type { EmbeddingModel } from "ai";
import { type Recommendation, recommend } from "./recommend";

export interface RecommendFromTextOptions {
  readonly trainer: ModelTrainer;
  /** A model that reads profiles, such as one of `withMatching`; best trained with a `profileOnlyShare`. */
  readonly recommender: Recommender;
  readonly data: SplitDataset;
  /** What embedded the profiles that the recommender was trained on. */
  readonly encoder: EmbeddingModel;
  /** Put before the text, where the encoder wants an instruction. */
  readonly prefix?: string;
  /** Items that they know already, by index; default none. */
  readonly items?: readonly number[];
  /** How many items; default 10. */
  readonly count?: number;
}

/**
 * The best items for somebody of whom nothing is known but a text: text → embedding → language posterior → ranking.
 *
 * @throws InvalidDataError where the encoder makes nothing of the text, or embeddings of another width than the data's.
 * @throws DMRecError (`unsupported`) where the recommender does not read profiles.
 * @throws ModelCallError
 */
export async function recommendFromText(
  text: string,
  { trainer, recommender, data, encoder, prefix, items = [], count = 10 }: RecommendFromTextOptions,
): Promise<Recommendation[]> {
  const profile = await embedText(encoder, text, prefix === undefined ? {} : { prefix });
  if (profile.every((value) => value === 0)) {
    const expected = "words that the profiles have which it was fitted on";
    throw new InvalidDataError({ source: "the text", actual: "nothing that the encoder knows", expected });
  }
  const ask = (audience: { readonly items: readonly number[]; readonly profile?: Float32Array }) =>
    recommend({ trainer, recommender, data, audience, count });
  const [told, untold] = [await ask({ items, profile }), await ask({ items })];
  // A model that does not read profiles would recommend the same to everybody, whatever they say.
  if (told.every(({ item, score }, rank) => item === untold[rank].item && score === untold[rank].score)) {
    throw new DMRecError(
      "unsupported",
      `${recommender.name} recommends by interactions alone; expected a model that reads profiles, such as one of withMatching`,
    );
  }
  return told;
}
