import type { InteractionMatrix, InteractionRows } from "@dmrec/core";

/** Interactions in any order, an entry each. */
export interface InteractionEntries {
  readonly userCount: number;
  readonly itemCount: number;
  /** `[entries]`, each below `userCount`. */
  readonly users: Int32Array;
  /** `[entries]`, each below `itemCount`. */
  readonly items: Int32Array;
  /** `[entries]`; 1 each where absent. */
  readonly weights?: Float32Array;
}

/** The matrix of some interactions. One that is given more than once is kept once, with its last weight. */
export function interactionMatrix({
  userCount,
  itemCount,
  users,
  items,
  weights,
}: InteractionEntries): InteractionMatrix {
  const order = orderByUserAndItem(userCount, itemCount, users, items);
  const kept = order.filter((entry, index) => {
    const next = order[index + 1];
    return next === undefined || users[entry] !== users[next] || items[entry] !== items[next];
  });
  const offsets = new Int32Array(userCount + 1);
  for (const entry of kept) offsets[users[entry] + 1] += 1;
  for (let user = 0; user < userCount; user += 1) offsets[user + 1] += offsets[user];
  return {
    userCount,
    itemCount,
    offsets,
    items: Int32Array.from(kept, (entry) => items[entry]),
    weights: weights
      ? Float32Array.from(kept, (entry) => weights[entry])
      : new Float32Array(kept.length).fill(1),
  };
}

/** Entries ordered by user, then item, then their place: two counting sorts. */
function orderByUserAndItem(
  userCount: number,
  itemCount: number,
  users: Int32Array,
  items: Int32Array,
): Int32Array {
  const byItem = stableOrder(items, itemCount, Int32Array.from(items.keys()));
  return stableOrder(users, userCount, byItem);
}

/** `entries` reordered so that `keys[entry]` ascends; entries of one key keep their order. */
function stableOrder(keys: Int32Array, keyCount: number, entries: Int32Array): Int32Array {
  const next = new Int32Array(keyCount + 1);
  for (const key of keys) next[key + 1] += 1;
  for (let key = 0; key < keyCount; key += 1) next[key + 1] += next[key];
  const ordered = new Int32Array(entries.length);
  for (const entry of entries) {
    ordered[next[keys[entry]]] = entry;
    next[keys[entry]] += 1;
  }
  return ordered;
}

export function interactionCount(matrix: InteractionMatrix): number {
  return matrix.items.length;
}

/** The items of one user, ascending; a view, not a copy. */
export function itemsOf({ offsets, items }: InteractionMatrix, user: number): Int32Array {
  return items.subarray(offsets[user], offsets[user + 1]);
}

/** How many users each item has, `[items]`. */
export function itemPopularity({ items, itemCount }: InteractionMatrix): Int32Array {
  const popularity = new Int32Array(itemCount);
  for (const item of items) popularity[item] += 1;
  return popularity;
}

/** The interactions of some users, row after row in the order of `users`. */
export function rowsOf(matrix: InteractionMatrix, users: Int32Array): InteractionRows {
  const { itemCount, offsets, items, weights } = matrix;
  const size = users.reduce((sum, user) => sum + offsets[user + 1] - offsets[user], 0);
  const batch = {
    itemCount,
    users,
    rows: new Int32Array(size),
    items: new Int32Array(size),
    weights: new Float32Array(size),
  };
  let position = 0;
  users.forEach((user, row) => {
    const [start, end] = [offsets[user], offsets[user + 1]];
    batch.rows.fill(row, position, position + end - start);
    batch.items.set(items.subarray(start, end), position);
    batch.weights.set(weights.subarray(start, end), position);
    position += end - start;
  });
  return batch;
}
