import { invalidOption, type TrainingInteractions } from "@dmrec/core";

/** Items of each user, `[users][…]`. Lists may be short or empty. */
export type ItemLists = readonly (readonly number[])[];

/**
 * Checks that there is a list for each user, of different items.
 *
 * @param option The function and the option, e.g. `proMax.retrieved`.
 * @throws InvalidOptionsError
 */
export function assertItemLists(
  option: string,
  lists: ItemLists,
  { userCount, itemCount }: TrainingInteractions,
): void {
  if (lists.length !== userCount)
    throw invalidOption(option, `${lists.length} lists; expected ${userCount}, one for each user`);
  for (const [user, items] of lists.entries()) {
    for (const item of items)
      if (!(Number.isInteger(item) && item >= 0 && item < itemCount))
        throw invalidOption(
          `${option}.${user}`,
          `item ${item}; expected an index from 0 to ${itemCount - 1}`,
        );
    if (new Set(items).size < items.length)
      throw invalidOption(`${option}.${user}`, "an item twice; expected different items");
  }
}

/** The lists as a graph that models propagate over: every entry is an interaction of weight 1. */
export function listedInteractions(lists: ItemLists, itemCount: number): TrainingInteractions {
  const sorted = lists.map((items) => Int32Array.from(items).sort());
  const offsets = new Int32Array(lists.length + 1);
  sorted.forEach((items, user) => {
    offsets[user + 1] = offsets[user] + items.length;
  });
  const items = new Int32Array(offsets[lists.length]);
  sorted.forEach((own, user) => {
    items.set(own, offsets[user]);
  });
  const weights = new Float32Array(items.length).fill(1);
  return { part: "train", userCount: lists.length, itemCount, offsets, items, weights };
}
