import type { ServedRecommender, ServingAudience } from "@dmrec/serving";

/** An item of the user that speaks for a recommendation. */
export interface Reason {
  readonly itemId: string;
  readonly name: string;
  /** The fall of the recommended item's score without this item. */
  readonly weight: number;
}

/** Items of a user that are tried. Each costs one run of the model. */
const mostTried = 200;

/**
 * The items of a user that weigh most in each of some recommendations, by leaving one out at a time: how far a recommended
 * item's score falls without it. Only items whose absence lowers the score are reasons.
 *
 * @param items Indices of the recommended items.
 * @param count The most reasons for each.
 * @param indices Indices of the items by identifier.
 * @param abortSignal Stops before the next run of the model.
 */
export async function reasonsFor(
  recommender: ServedRecommender,
  audience: ServingAudience,
  {
    items,
    count,
    indices,
    abortSignal,
  }: {
    readonly items: readonly number[];
    readonly count: number;
    readonly indices: ReadonlyMap<string, number>;
    readonly abortSignal: AbortSignal;
  },
): Promise<Reason[][]> {
  const interactions = audience.interactions ?? [];
  const complete = await recommender.score(audience);
  const reasons: Reason[][] = items.map(() => []);
  for (const [left, entry] of interactions.slice(0, mostTried).entries()) {
    const itemId = typeof entry === "string" ? entry : entry.itemId;
    const name = recommender.itemNames[indices.get(itemId) ?? -1];
    abortSignal.throwIfAborted();
    const others = interactions.filter((_, index) => index !== left);
    const without = await recommender.score({ ...audience, interactions: others });
    for (const [place, item] of items.entries()) {
      const weight = complete[item] - without[item];
      if (weight > 0) reasons[place].push({ itemId, name, weight });
    }
  }
  return reasons.map((list) => list.sort((a, b) => b.weight - a.weight).slice(0, count));
}
