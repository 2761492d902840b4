import type { OpenRecommender, SplitDataset } from "@dmrec/core";
import { gatherRows, itemName, itemsOf } from "@dmrec/data";
import { topK } from "@dmrec/eval";

/** The best items for one user, best first. */
export interface UserRecommendations {
  readonly user: string;
  readonly items: readonly { readonly itemId: string; readonly name: string; readonly score: number }[];
}

export interface RecommendToAllOptions {
  readonly count: number;
  /** Items that no user gets, by index. */
  readonly exclude: readonly number[];
  /** Leaves out the items of the validation and test parts, too. */
  readonly excludeHeldOut: boolean;
}

/** Users scored at a time. */
const batchSize = 256;

/** The best items for every user of a dataset, in its order, a batch of users at a time. */
export async function* recommendToAll(
  model: OpenRecommender,
  data: SplitDataset,
  { count, exclude, excludeHeldOut }: RecommendToAllOptions,
): AsyncGenerator<UserRecommendations[]> {
  const { userCount, itemCount, train, validation, test } = data;
  const parts = excludeHeldOut ? [train, validation, test] : [train];
  for (let start = 0; start < userCount; start += batchSize) {
    const users = Int32Array.from(
      { length: Math.min(batchSize, userCount - start) },
      (_, row) => start + row,
    );
    const scores = await model.score(gatherRows(train, users));
    yield Array.from(users, (user, row) => {
      const own = scores.subarray(row * itemCount, (row + 1) * itemCount);
      for (const item of exclude) own[item] = Number.NEGATIVE_INFINITY;
      for (const part of parts) for (const item of itemsOf(part, user)) own[item] = Number.NEGATIVE_INFINITY;
      const items = Array.from(topK(own, count), (item) => ({
        itemId: data.itemIds[item],
        name: itemName(data, item),
        score: own[item],
      }));
      return { user: data.userIds[user], items };
    });
  }
}
