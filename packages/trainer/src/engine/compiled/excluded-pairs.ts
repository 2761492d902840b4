import type { RankedUsers } from "../engine";

/** Pairs of a row and an item whose score does not count. */
export interface ExcludedPairs {
  readonly rows: Int32Array;
  readonly items: Int32Array;
}

/** The pairs of some users, the first of which is row 0, repeated to a number with few different sizes; none at all if there are none. */
export function excludedPairs(
  { users, excluded }: Pick<RankedUsers, "users" | "excluded">,
  start: number,
  end: number,
): ExcludedPairs {
  const rows: number[] = [];
  const items: number[] = [];
  for (let row = start; row < Math.min(end, users.length); row += 1)
    for (const { offsets, items: all } of excluded)
      for (let entry = offsets[users[row]]; entry < offsets[users[row] + 1]; entry += 1) {
        rows.push(row - start);
        items.push(all[entry]);
      }
  const room = rows.length === 0 ? 0 : 2 ** Math.ceil(Math.log2(rows.length));
  // To leave an item out twice changes nothing.
  return {
    rows: new Int32Array(room).fill(rows[0] ?? 0).map((first, pair) => rows[pair] ?? first),
    items: new Int32Array(room).fill(items[0] ?? 0).map((first, pair) => items[pair] ?? first),
  };
}
