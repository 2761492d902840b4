import type { InteractionMatrix } from "./contracts/interactions";

/**
 * The popularity of each item: the number of its users, `[items]`. Weights do not count.
 *
 * @example
 * itemPopularity(data.train)[17]; // the users who interacted with item 17
 */
export function itemPopularity({ items, itemCount }: InteractionMatrix): Int32Array {
  const popularity = new Int32Array(itemCount);
  for (const item of items) popularity[item] += 1;
  return popularity;
}
