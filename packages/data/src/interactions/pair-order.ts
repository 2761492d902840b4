import type { InteractionEntries } from "./interaction-entries";

/** The part of entries that orders them. */
export type Pairs = Pick<InteractionEntries, "userCount" | "itemCount" | "users" | "items">;

/** The entries ordered by user, then item, then index: two counting sorts. */
export function orderByPair({ userCount, itemCount, users, items }: Pairs): Int32Array {
  const byItem = stableOrder(items, itemCount, Int32Array.from(items.keys()));
  return stableOrder(users, userCount, byItem);
}

/** The first entry that repeats the pair of an earlier entry, or undefined if all pairs are distinct. */
export function firstRepeat(pairs: Pairs): number | undefined {
  const { users, items } = pairs;
  const order = orderByPair(pairs);
  let first: number | undefined;
  for (let index = 1; index < order.length; index += 1) {
    const [earlier, entry] = [order[index - 1], order[index]];
    const repeats = users[earlier] === users[entry] && items[earlier] === items[entry];
    if (repeats && (first === undefined || entry < first)) first = entry;
  }
  return first;
}

/** Reorders `entries` so that `keys[entry]` ascends. Entries of one key keep their order. */
function stableOrder(keys: Int32Array, keyCount: number, entries: Int32Array): Int32Array {
  const next = rowOffsets(keys, keyCount);
  const ordered = new Int32Array(entries.length);
  for (const entry of entries) {
    ordered[next[keys[entry]]] = entry;
    next[keys[entry]] += 1;
  }
  return ordered;
}

/** The start of each row if entries are ordered by their row, `[rowCount + 1]`, ascending from 0. */
export function rowOffsets(rows: Int32Array, rowCount: number): Int32Array {
  const offsets = new Int32Array(rowCount + 1);
  for (const row of rows) offsets[row + 1] += 1;
  for (let row = 0; row < rowCount; row += 1) offsets[row + 1] += offsets[row];
  return offsets;
}
