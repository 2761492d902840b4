import { type InteractionMatrix, InvalidDataError, type TrainingInteractions } from "@dmrec/core";
import { type InteractionEntries, placeOf } from "./interaction-entries";
import { orderByPair, rowOffsets } from "./pair-order";

/**
 * Makes the matrix of some interactions. An interaction that is given more than once is kept once, with its last weight.
 *
 * @throws InvalidDataError naming the first entry whose user, item or weight is out of range.
 * @example
 * interactionMatrix({ userCount: 2, itemCount: 3, users: Int32Array.of(0, 0, 1), items: Int32Array.of(2, 0, 1) });
 */
export function interactionMatrix(entries: InteractionEntries): InteractionMatrix {
  checkEntries(entries);
  const { userCount, itemCount, users, items, weights } = entries;
  const order = orderByPair(entries);
  const kept = order.filter((entry, index) => {
    const next = order[index + 1];
    return next === undefined || users[entry] !== users[next] || items[entry] !== items[next];
  });
  return {
    userCount,
    itemCount,
    offsets: rowOffsets(
      kept.map((entry) => users[entry]),
      userCount,
    ),
    items: kept.map((entry) => items[entry]),
    weights: weights
      ? Float32Array.from(kept, (entry) => weights[entry])
      : new Float32Array(kept.length).fill(1),
  };
}

/** Marks interactions as the training part of a split, the only part that models and profiles may be made from. */
export function asTrainingSplit(matrix: InteractionMatrix): TrainingInteractions {
  return { ...matrix, part: "train" };
}

/** The entries of a matrix, ordered by user and item. {@link interactionMatrix} makes the same matrix from them. */
export function toEntries({
  userCount,
  itemCount,
  offsets,
  items,
  weights,
}: InteractionMatrix): InteractionEntries {
  const users = new Int32Array(items.length);
  for (let user = 0; user < userCount; user += 1) users.fill(user, offsets[user], offsets[user + 1]);
  return { userCount, itemCount, users, items, weights };
}

function checkEntries(entries: InteractionEntries): void {
  const { userCount, itemCount, users, items, weights, source = "interactions" } = entries;
  for (const [what, values] of Object.entries({ items, ...(weights ? { weights } : {}) })) {
    if (values.length === users.length) continue;
    const expected = `${users.length}, as many as users`;
    throw new InvalidDataError({ source, actual: `${values.length} ${what}`, expected });
  }
  const fail = (entry: number, actual: string, expected: string) =>
    new InvalidDataError({ ...placeOf(entries, entry), actual, expected });
  for (const [what, indices, count] of [
    ["user", users, userCount],
    ["item", items, itemCount],
  ] as const) {
    const entry = indices.findIndex((index) => index < 0 || index >= count);
    if (entry >= 0) throw fail(entry, `${what} ${indices[entry]}`, `an index below ${count}`);
  }
  const entry = weights?.findIndex((weight) => !(weight > 0 && weight < Number.POSITIVE_INFINITY)) ?? -1;
  if (entry >= 0) throw fail(entry, `weight ${weights?.[entry]}`, "a finite positive number");
}

/** The number of interactions. */
export function interactionCount(matrix: InteractionMatrix): number {
  return matrix.items.length;
}

/** The items of one user, ascending: a view, not a copy. */
export function itemsOf({ offsets, items }: InteractionMatrix, user: number): Int32Array {
  return items.subarray(offsets[user], offsets[user + 1]);
}
