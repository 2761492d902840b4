import type { Recommendation } from "@dmrec/serving";
import { bestIndices } from "./best-indices";
import type { ModelInUse } from "./model-slot";
import { Refusal } from "./refusal";
import type { RecommendationRequest } from "./schemas";

/** An item of an answer. */
export interface AnsweredItem {
  readonly itemId: string;
  readonly name: string;
  readonly score: number;
}

/**
 * Answers a request by a model.
 *
 * @throws Refusal for an unknown user, or a request that this service has not what it takes for.
 * @throws InvalidDataError, UnsupportedError for a request that does not fit the model.
 */
export async function answer(model: ModelInUse, request: RecommendationRequest): Promise<AnsweredItem[]> {
  const { userId, text } = request;
  const recommendations =
    userId !== undefined
      ? await answerUser(model, userId, request)
      : text !== undefined
        ? await answerText(model, text, request)
        : await model.batcher.recommend(withoutText(request));
  return recommendations.map(({ itemId, name, score }) => ({ itemId, name, score }));
}

function answerUser(
  { model, batcher }: ModelInUse,
  userId: string,
  { count, exclude }: RecommendationRequest,
): Promise<Recommendation[]> {
  if (!model.findUser)
    throw new Refusal(422, "this service knows no users; expected interactions or text instead of userId");
  const user = model.findUser(userId);
  if (!user) throw new Refusal(404, `no user ${JSON.stringify(userId)}; expected a user of the data`);
  return batcher.recommend({ ...user.audience, count, exclude: [...exclude, ...(user.exclude ?? [])] });
}

/**
 * The best items for someone described by a text. A part of each item's score without the text is subtracted, because the
 * model ranks popular items first for everyone.
 */
async function answerText(
  { model, itemIndices }: ModelInUse,
  text: string,
  { interactions = [], exclude, count, popularityPenalty }: RecommendationRequest,
): Promise<Recommendation[]> {
  const { recommender, embedText } = model;
  if (!embedText) throw new Refusal(422, "this service embeds no texts; expected userId or interactions");
  recommender.assertRequest({ interactions, exclude });
  const profileEmbedding = await embedText(text);
  const scores = await recommender.score({ interactions, profileEmbedding });
  if (popularityPenalty > 0) {
    const unspecific = await recommender.score({ interactions });
    unspecific.forEach((score, item) => {
      scores[item] -= popularityPenalty * score;
    });
  }
  const hidden = [
    ...interactions.map((entry) => (typeof entry === "string" ? entry : entry.itemId)),
    ...exclude,
  ];
  for (const id of hidden) scores[itemIndices.get(id) ?? -1] = Number.NEGATIVE_INFINITY;
  const { itemIds, itemNames } = recommender;
  return bestIndices(scores, count).map((item) => ({
    item,
    itemId: itemIds[item],
    name: itemNames[item],
    score: scores[item],
  }));
}

function withoutText({ interactions = [], count, exclude }: RecommendationRequest) {
  return { interactions, count, exclude };
}
