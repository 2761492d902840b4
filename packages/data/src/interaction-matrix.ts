import {
  type InteractionMatrix,
  InvalidDataError,
  type TrainingInteractions,
  type UserRows,
} from "@dmrec/core";
import { orderByPair, type Pairs } from "./pair-order";

/** Interactions in any order, an entry each. */
export interface InteractionEntries extends Pairs {
  /** `[entries]`, finite and positive; 1 each where absent. */
  readonly weights?: Float32Array;
}

/**
 * The matrix of some interactions. One that is given more than once is kept once, with its last weight.
 *
 * @throws InvalidDataError naming the first entry whose user, item or weight cannot be.
 */
export function interactionMatrix(entries: InteractionEntries): InteractionMatrix {
  checkEntries(entries);
  const { userCount, itemCount, users, items, weights } = entries;
  const order = orderByPair(entries);
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
    items: kept.map((entry) => items[entry]),
    weights: weights
      ? Float32Array.from(kept, (entry) => weights[entry])
      : new Float32Array(kept.length).fill(1),
  };
}

/** Marks interactions as the training part of a split, which profiles may be written from. */
export function asTrainingSplit(matrix: InteractionMatrix): TrainingInteractions {
  return { ...matrix, part: "train" };
}

/** The entries of a matrix, by user and item: what {@link interactionMatrix} makes it of. */
export function toEntries({
  userCount,
  itemCount,
  offsets,
  items,
  weights,
}: InteractionMatrix): Required<InteractionEntries> {
  const users = new Int32Array(items.length);
  for (let user = 0; user < userCount; user += 1) users.fill(user, offsets[user], offsets[user + 1]);
  return { userCount, itemCount, users, items, weights };
}

function checkEntries({ userCount, itemCount, users, items, weights }: InteractionEntries): void {
  const fail = (location: string | undefined, actual: string, expected: string) =>
    new InvalidDataError({
      source: "interactions",
      ...(location === undefined ? {} : { location }),
      actual,
      expected,
    });
  for (const [what, values] of Object.entries({ items, ...(weights ? { weights } : {}) })) {
    if (values.length === users.length) continue;
    throw fail(undefined, `${values.length} ${what}`, `${users.length}, as many as users`);
  }
  for (const [what, indices, count] of [
    ["user", users, userCount],
    ["item", items, itemCount],
  ] as const) {
    const entry = indices.findIndex((index) => index < 0 || index >= count);
    if (entry >= 0) throw fail(`entry ${entry}`, `${what} ${indices[entry]}`, `an index below ${count}`);
  }
  const entry = weights?.findIndex((weight) => !(weight > 0 && weight < Number.POSITIVE_INFINITY)) ?? -1;
  if (entry >= 0) throw fail(`entry ${entry}`, `weight ${weights?.[entry]}`, "a finite positive number");
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
export function gatherRows(matrix: InteractionMatrix, users: Int32Array): UserRows {
  const { itemCount, offsets, items, weights } = matrix;
  const size = users.reduce((sum, user) => sum + offsets[user + 1] - offsets[user], 0);
  const batch = {
    itemCount,
    rowCount: users.length,
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
