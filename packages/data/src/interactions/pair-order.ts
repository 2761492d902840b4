/** Pairs of a user and an item, in any order. */
export interface Pairs {
  readonly userCount: number;
  readonly itemCount: number;
  /** `[entries]`, each below `userCount`. */
  readonly users: Int32Array;
  /** `[entries]`, each below `itemCount`. */
  readonly items: Int32Array;
}

/** The entries ordered by user, then item, then their place: two counting sorts. */
export function orderByPair({ userCount, itemCount, users, items }: Pairs): Int32Array {
  const byItem = stableOrder(items, itemCount, Int32Array.from(items.keys()));
  return stableOrder(users, userCount, byItem);
}

/** The first entry, by its place, whose pair an earlier entry has; undefined where all are distinct. */
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
