import { directions, hasDirection } from "./directions";
import type { ProfileTables } from "./profile-tables";

/** Users whose cosines are computed together, so that each item is read a quarter as often. */
const block = 4;

/**
 * Lists the `count` items of each user whose text embeddings have the greatest cosines with theirs, the nearest first; all
 * items if there are fewer.
 *
 * An embedding of zero length has no direction: such a user gets no items, and such an item goes to no user. Of equal
 * cosines the lower index comes first.
 */
export function nearestItems({ users, items }: ProfileTables, count: number): readonly (readonly number[])[] {
  const [[userCount, width], [itemCount]] = [users.shape, items.shape];
  const itemDirections = directions(items);
  // Rows of zeros fill the last block.
  const userDirections = new Float64Array((userCount + block) * width);
  userDirections.set(directions(users));
  const candidates = Array.from({ length: itemCount }, (_, item) => item).filter((item) =>
    hasDirection(itemDirections, item, width),
  );
  const nearest: (readonly number[])[] = [];
  for (let first = 0; first < userCount; first += block) {
    const cosines = blockCosines(userDirections, first, itemDirections, itemCount, width);
    for (let user = first; user < Math.min(first + block, userCount); user += 1) {
      const own = cosines.subarray((user - first) * itemCount, (user - first + 1) * itemCount);
      const isDescribed = hasDirection(userDirections, user, width);
      nearest.push(isDescribed ? greatest(own, candidates, count) : []);
    }
  }
  return nearest;
}

/** The cosines of a block of users and all items, `[block, items]`. */
function blockCosines(
  users: Float64Array,
  first: number,
  items: Float64Array,
  itemCount: number,
  width: number,
): Float64Array {
  const cosines = new Float64Array(block * itemCount);
  const start = first * width;
  for (let item = 0; item < itemCount; item += 1) {
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let column = 0; column < width; column += 1) {
      const value = items[item * width + column];
      a += value * users[start + column];
      b += value * users[start + width + column];
      c += value * users[start + 2 * width + column];
      d += value * users[start + 3 * width + column];
    }
    cosines[item] = a;
    cosines[itemCount + item] = b;
    cosines[2 * itemCount + item] = c;
    cosines[3 * itemCount + item] = d;
  }
  return cosines;
}

/** The candidates of the greatest values, the greatest first. */
function greatest(values: Float64Array, candidates: readonly number[], count: number): readonly number[] {
  const best: number[] = [];
  for (const item of candidates) {
    if (best.length === count && values[item] <= values[best[count - 1]]) continue;
    let position = best.length;
    while (position > 0 && values[best[position - 1]] < values[item]) position -= 1;
    best.splice(position, 0, item);
    if (best.length > count) best.pop();
  }
  return best;
}
