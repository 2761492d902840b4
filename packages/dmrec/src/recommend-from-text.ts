import { DMRecError, InvalidDataError, parseOptions, type Recommender, type SplitDataset } from "@dmrec/core";
import { embedText } from "@dmrec/profiles";
import type { ModelTrainer } from "@dmrec/trainer";
import type { EmbeddingModel } from "ai";
import { z } from "zod";
import { bestItems, type Recommendation, rowsFor } from "./recommend";

const optionsSchema = z.strictObject({
  /**
   * How much an item's score without the text is held against it: 0 ranks as the model does, popular items first; at 1 an
   * item's rank is by how much more likely the text makes it, and popularity counts for nothing.
   */
  specificity: z.number().min(0).max(1).default(0.5),
  /** How many items. */
  count: z.int().positive().default(10),
});

export interface RecommendFromTextOptions extends z.input<typeof optionsSchema> {
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
  { trainer, recommender, data, encoder, prefix, items = [], ...rest }: RecommendFromTextOptions,
): Promise<Recommendation[]> {
  const { specificity, count } = parseOptions("recommendFromText", optionsSchema, rest);
  const profileEmbedding = await embedKnownText(encoder, text, prefix);
  const told = await trainer.scores(recommender, rowsFor(data, { items, profileEmbedding }));
  const untold = await trainer.scores(recommender, rowsFor(data, { items }));
  // A model that does not read profiles would recommend the same to everybody, whatever they say.
  if (told.every((score, item) => score === untold[item])) {
    throw new DMRecError(
      "unsupported",
      `${recommender.name} recommends by interactions alone; expected a model that reads profiles, such as one of withMatching`,
    );
  }
  const scores = told.map((score, item) => score - specificity * untold[item]);
  return bestItems(data, scores, items, count);
}

/**
 * The embedding of a text, `[width]`.
 *
 * @throws InvalidDataError where the encoder makes nothing of it.
 * @throws ModelCallError
 */
export async function embedKnownText(
  encoder: RecommendFromTextOptions["encoder"],
  text: string,
  prefix?: string,
): Promise<Float32Array> {
  const profile = await embedText(encoder, text, prefix === undefined ? {} : { prefix });
  if (profile.some((value) => value !== 0)) return profile;
  const expected = "words that the profiles have which it was fitted on";
  throw new InvalidDataError({ source: "the text", actual: "nothing that the encoder knows", expected });
}
