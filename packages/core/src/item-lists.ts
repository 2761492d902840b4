import type { TrainingInteractions } from "./contracts/interactions";
import { invalidOption } from "./errors/invalid-options-error";

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
  { userCount, itemCount }: Pick<TrainingInteractions, "userCount" | "itemCount">,
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
