import { type ItemLists, invalidOption, itemPopularity, type TrainingInteractions } from "@dmrec/core";
import { directions, hasDirection, rowProduct } from "./directions";
import type { ProfileTables } from "./profile-tables";

/** The item that a user likes most of some candidates, and the one that they like least. */
export interface ItemChoice {
  readonly liked: number;
  readonly disliked: number;
}

/** The choices of all users, `[users]`; undefined for a user without one. */
export type ItemChoices = readonly (ItemChoice | undefined)[];

/**
 * Chooses without a language model: of a user's candidates, the one whose profile embedding has the greatest cosine with
 * the user's, and the one with the smallest. Of equal cosines the earlier candidate is closer.
 *
 * There is no choice for a user whose embedding has zero length, or who has fewer than two candidates with embeddings of
 * another length.
 */
export function chooseByProfile({ users, items }: ProfileTables, candidates: ItemLists): ItemChoices {
  const width = users.shape[1];
  const [ofUsers, ofItems] = [directions(users), directions(items)];
  return candidates.map((list, user) => {
    if (!hasDirection(ofUsers, user, width)) return undefined;
    const byCloseness = list
      .filter((item) => hasDirection(ofItems, item, width))
      .map((item) => ({ item, cosine: rowProduct(ofUsers, user, ofItems, item, width) }))
      .sort((a, b) => b.cosine - a.cosine);
    const [closest, farthest] = [byCloseness.at(0), byCloseness.at(-1)];
    if (!closest || !farthest || closest === farthest) return undefined;
    return { liked: closest.item, disliked: farthest.item };
  });
}

/**
 * Lists the `count` items of most users that the user has not interacted with; fewer if there are no more. Of equally popular
 * items the lower index comes first.
 */
export function popularCandidates(interactions: TrainingInteractions, count: number): ItemLists {
  const { userCount, itemCount, offsets, items } = interactions;
  const popularity = itemPopularity(interactions);
  const order = Array.from({ length: itemCount }, (_, item) => item).sort(
    (a, b) => popularity[b] - popularity[a],
  );
  return Array.from({ length: userCount }, (_, user) => {
    const seen = new Set(items.subarray(offsets[user], offsets[user + 1]));
    const candidates: number[] = [];
    for (const item of order) {
      if (candidates.length === count) break;
      if (!seen.has(item)) candidates.push(item);
    }
    return candidates;
  });
}

/**
 * Checks that there is a choice or undefined for each user, of two different items.
 *
 * @param option The function and the option, e.g. `llmRec.choices`.
 * @throws InvalidOptionsError
 */
export function assertItemChoices(
  option: string,
  choices: ItemChoices,
  { userCount, itemCount }: TrainingInteractions,
): void {
  if (choices.length !== userCount)
    throw invalidOption(option, `${choices.length} choices; expected ${userCount}, one for each user`);
  for (const [user, choice] of choices.entries()) {
    if (choice === undefined) continue;
    const { liked, disliked } = choice;
    for (const [name, item] of Object.entries({ liked, disliked }))
      if (!(Number.isInteger(item) && item >= 0 && item < itemCount))
        throw invalidOption(
          `${option}.${user}.${name}`,
          `item ${item}; expected an index from 0 to ${itemCount - 1}`,
        );
    if (liked === disliked)
      throw invalidOption(`${option}.${user}`, `item ${liked} twice; expected two different items`);
  }
}
