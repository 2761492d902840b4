import {
  InvalidDataError,
  itemFilterSchema,
  type OpenRecommender,
  parseOptions,
  type Recommendation,
  type RecommendationRequest,
  type Recommender,
  UnsupportedError,
} from "@dmrec/core";
import { embedText } from "@dmrec/profiles";
import type { EmbeddingModel } from "ai";
import { z } from "zod";

/** The model checks the user's items. */
const itemsSchema = z.array(z.any()).readonly().default([]);

const optionsSchema = z.strictObject({
  model: z.custom<OpenRecommender>(
    (value) => typeof value === "object" && value !== null && "recommend" in value,
    "expected an open model",
  ),
  encoder: z.custom<EmbeddingModel>(
    (value) => typeof value === "string" || (typeof value === "object" && value !== null),
    "expected an embedding model of the AI SDK",
  ),
  prefix: z.string().optional(),
  interactions: itemsSchema,
  exclude: itemsSchema,
  filter: itemFilterSchema.optional(),
  popularityPenalty: z.number().min(0).max(1).default(0.5),
  count: z.int().positive().default(10),
});

export interface RecommendFromTextOptions
  extends Pick<RecommendationRequest, "exclude" | "filter" | "interactions"> {
  /** An open model that reads profiles, such as one of `withMatching`; best trained with a `coldStartRate`. */
  readonly model: OpenRecommender;
  /** The encoder of the profiles that the model was trained on. */
  readonly encoder: EmbeddingModel;
  /**
   * The share of an item's score without the text that is subtracted from its score with it. At 0 the ranking is the
   * model's, with popular items first; at 1 popularity counts for nothing.
   *
   * @default 0.5
   */
  readonly popularityPenalty?: number | undefined;
  /** The number of items. @default 10 */
  readonly count?: number | undefined;
  /** An instruction to put before the text, if the encoder expects one. @default none */
  readonly prefix?: string | undefined;
}

/**
 * The best items for a cold-start user, described by a text: text → embedding → language posterior → ranking.
 *
 * @throws InvalidDataError if the encoder finds nothing that it knows in the text.
 * @throws UnsupportedError if the model does not read profiles, or serves only the users that it was trained on.
 * @throws InvalidOptionsError
 * @throws ModelCallError
 * @example
 * await recommendFromText("slow electronic music", { model, encoder, count: 5 });
 */
export async function recommendFromText(
  text: string,
  options: RecommendFromTextOptions,
): Promise<Recommendation[]> {
  const { model, encoder, prefix, interactions, exclude, filter, popularityPenalty, count } = parseOptions(
    "recommendFromText",
    optionsSchema,
    options,
  );
  assertReadsTexts(model.recommender);
  const profileEmbedding = await embedKnownText(encoder, text, prefix);
  const user = { interactions, exclude, ...(filter && { filter }) };
  if (popularityPenalty === 0) return model.recommend({ ...user, profileEmbedding, count });
  const all = { ...user, count: model.recommender.itemCount };
  const withProfile = await model.recommend({ ...all, profileEmbedding });
  const withoutProfile = new Map(
    (await model.recommend(all)).map(({ item, score }) => [item, score] as const),
  );
  return withProfile
    .map((entry) => {
      const unspecific = withoutProfile.get(entry.item) ?? 0;
      return { ...entry, score: entry.score - popularityPenalty * unspecific };
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, count);
}

/**
 * The embedding of a text, `[width]`.
 *
 * @throws InvalidDataError if the encoder finds nothing that it knows in the text.
 * @throws ModelCallError
 */
export async function embedKnownText(
  encoder: EmbeddingModel,
  text: string,
  prefix?: string,
): Promise<Float32Array> {
  const embedding = await embedText(encoder, text, prefix === undefined ? {} : { prefix });
  if (embedding.some((value) => value !== 0)) return embedding;
  const expected = "words that occur in the profiles it was fitted on";
  throw new InvalidDataError({ source: "the text", actual: "nothing that the encoder knows", expected });
}

/** True if a model can recommend from a text: it reads profiles, and not only those of known users. */
export function readsTexts({ reads }: Recommender): boolean {
  return reads.profile && !reads.userIndex;
}

function assertReadsTexts({ name, reads }: Recommender): void {
  if (reads.userIndex)
    throw new UnsupportedError(
      `${name} serves only the users that it was trained on; expected a model without a user index, such as one of withMatching`,
    );
  if (!reads.profile)
    throw new UnsupportedError(
      `${name} does not read profiles; expected a model that does, such as one of withMatching`,
    );
}
