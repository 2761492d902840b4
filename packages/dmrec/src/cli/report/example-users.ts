import type { OpenRecommender, RankingReport, SplitDataset } from "@dmrec/core";
import { itemName, itemsOf } from "@dmrec/data";
import type { ExampleFacts } from "./report-facts";

/** Users that are shown. */
const exampleCount = 4;
/** Items that are named of those that a user knows. */
const knownItems = 12;
/** Items that are recommended. */
const recommendedItems = 10;

/** A user of a report, before a model recommends to them. */
export type ExampleUser = Omit<ExampleFacts, "lists"> & { readonly userIndex: number };

/**
 * Chooses test users from the least to the most active, in the middle of equal parts. Metrics play no part in it, so examples
 * are neither the best nor the worst.
 */
export function exampleUsers(
  { evaluatedUsers }: Pick<RankingReport, "evaluatedUsers">,
  data: SplitDataset,
): ExampleUser[] {
  const { train, validation, test, userIds } = data;
  const activity = (user: number) => train.offsets[user + 1] - train.offsets[user];
  const byActivity = [...evaluatedUsers].sort((a, b) => activity(a) - activity(b) || a - b);
  const count = Math.min(exampleCount, byActivity.length);
  return Array.from({ length: count }, (_, part) => {
    const userIndex = byActivity[Math.floor(((part + 0.5) * byActivity.length) / count)];
    const items = itemsOf(train, userIndex);
    return {
      userIndex,
      userId: userIds[userIndex],
      trainingItems: items.length,
      knows: Array.from(items.subarray(0, knownItems), (item) => itemName(data, item)),
      heldOutItems: itemsOf(validation, userIndex).length + itemsOf(test, userIndex).length,
    };
  });
}

/** The recommendations of a model to a user. */
export async function exampleList(
  model: OpenRecommender,
  data: SplitDataset,
  { userIndex }: ExampleUser,
): Promise<ExampleFacts["lists"][number]["items"]> {
  const heldOut = new Set([...itemsOf(data.validation, userIndex), ...itemsOf(data.test, userIndex)]);
  const list = await model.recommend({ userIndex, count: recommendedItems });
  return list.map(({ item, name }) => ({ name, isHeldOut: heldOut.has(item) }));
}
