import type { SplitDataset } from "@dmrec/core";
import { itemsOf } from "@dmrec/data";
import type { KnownUser } from "@dmrec/server";
import type { ServedRecommender } from "@dmrec/serving";

/**
 * Finds users of a dataset as a served recommender takes them: by their training items and their profile.
 *
 * @param excludeHeldOut Leaves out the items of the validation and test parts, too.
 */
export function knownUsers(
  data: SplitDataset,
  { reads }: Pick<ServedRecommender, "reads">,
  excludeHeldOut: boolean,
): (userId: string) => KnownUser | undefined {
  const indices = new Map(data.userIds.map((id, index) => [id, index]));
  const { train, validation, test, itemIds, profileEmbeddings } = data;
  return (userId) => {
    const user = indices.get(userId);
    if (user === undefined) return undefined;
    const interactions = Array.from(itemsOf(train, user), (item, nth) => ({
      itemId: itemIds[item],
      weight: train.weights[train.offsets[user] + nth],
    }));
    const heldOut = excludeHeldOut ? [...itemsOf(validation, user), ...itemsOf(test, user)] : [];
    const exclude = heldOut.map((item) => itemIds[item]);
    if (reads.userIndex) return { audience: { userId, interactions }, exclude };
    if (!reads.profile || !profileEmbeddings) return { audience: { interactions }, exclude };
    const { values, columnCount } = profileEmbeddings.users;
    const profileEmbedding = values.subarray(user * columnCount, (user + 1) * columnCount);
    return { audience: { interactions, profileEmbedding }, exclude };
  };
}
