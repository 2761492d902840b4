import type { Recommendation, ServingRequest } from "@dmrec/serving";
import { bestIndices } from "./best-indices";
import type { ModelInUse } from "./model-slot";
import { type Reason, reasonsFor } from "./reasons";
import { Refusal } from "./refusal";
import type { RecommendationRequest } from "./schemas";
import type { KnownUser } from "./service-model";

/** An item of an answer. */
export interface AnsweredItem {
  readonly itemId: string;
  readonly name: string;
  readonly score: number;
  /** Present if they were asked for. */
  readonly reasons?: Reason[];
}

/**
 * Answers a request by a model.
 *
 * @param abortSignal Stops the work before its next run of the model.
 * @throws Refusal for an unknown user, or a request that this service has not what it takes for.
 * @throws InvalidOptionsError, InvalidDataError, UnsupportedError for a request that does not fit the model.
 */
export async function answer(
  model: ModelInUse,
  request: RecommendationRequest,
  abortSignal: AbortSignal,
): Promise<AnsweredItem[]> {
  const { text, count, exclude, filter, reasons: reasonCount } = request;
  const { audience, exclude: further = [] } = await userOf(model, request);
  const asked = { ...audience, count, exclude: [...exclude, ...further], filter };
  const recommendations =
    text === undefined
      ? await model.batcher.recommend(asked, abortSignal)
      : await answerText(model, asked, { popularityPenalty: request.popularityPenalty, abortSignal });
  const answered = recommendations.map(({ itemId, name, score }) => ({ itemId, name, score }));
  if (reasonCount === 0) return answered;
  const items = recommendations.map(({ item }) => item);
  const { recommender } = model.model;
  const options = { items, count: reasonCount, indices: model.itemIndices, abortSignal };
  const reasons = await reasonsFor(recommender, audience, options);
  return answered.map((entry, place) => ({ ...entry, reasons: reasons[place] }));
}

/** The user of a request, as the recommender takes them. */
async function userOf(
  { model }: ModelInUse,
  { userId, text, interactions = [], exclude, filter }: RecommendationRequest,
): Promise<KnownUser> {
  if (userId !== undefined) {
    if (!model.findUser)
      throw new Refusal(422, "this service knows no users; expected interactions or text instead of userId");
    const user = model.findUser(userId);
    if (!user) throw new Refusal(404, `no user ${JSON.stringify(userId)}; expected a user of the data`);
    return user;
  }
  if (text === undefined) return { audience: { interactions } };
  if (!model.embedText)
    throw new Refusal(422, "this service embeds no texts; expected userId or interactions");
  model.recommender.assertRequest({ interactions, exclude, filter });
  return { audience: { interactions, profileEmbedding: await model.embedText(text) } };
}

/**
 * The best items for someone described by a text. A part of each item's score without the text is subtracted, because the
 * model ranks popular items first for everyone.
 */
async function answerText(
  { model, itemIndices }: ModelInUse,
  { count = 10, exclude = [], filter, ...audience }: ServingRequest,
  {
    popularityPenalty,
    abortSignal,
  }: { readonly popularityPenalty: number; readonly abortSignal: AbortSignal },
): Promise<Recommendation[]> {
  const { recommender } = model;
  const { interactions = [] } = audience;
  abortSignal.throwIfAborted();
  const scores = await recommender.score(audience);
  if (popularityPenalty > 0) {
    abortSignal.throwIfAborted();
    const unspecific = await recommender.score({ interactions });
    unspecific.forEach((score, item) => {
      scores[item] -= popularityPenalty * score;
    });
  }
  const own = interactions.map((entry) => (typeof entry === "string" ? entry : entry.itemId));
  for (const id of [...own, ...exclude]) scores[itemIndices.get(id) ?? -1] = Number.NEGATIVE_INFINITY;
  if (filter) {
    const mask = recommender.matchingItems(filter);
    for (const [item, isAllowed] of mask.entries())
      if (isAllowed === 0) scores[item] = Number.NEGATIVE_INFINITY;
  }
  const { itemIds, itemNames } = recommender;
  return bestIndices(scores, count).map((item) => ({
    item,
    itemId: itemIds[item],
    name: itemNames[item],
    score: scores[item],
  }));
}
