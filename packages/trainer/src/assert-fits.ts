import {
  assertShape,
  InvalidDataError,
  type Recommender,
  type SplitDataset,
  type UserRows,
} from "@dmrec/core";
import type { Tensor } from "@tensorflow/tfjs-core";

/**
 * tfjs backends do not check the indices that they gather, so mismatched sizes and unknown items are rejected here.
 *
 * @throws InvalidDataError if the recommender was made for another number of items, or for fewer users, or if the data
 *   names items that it does not have.
 */
export function assertDataFits({ name, itemCount, userCount }: Recommender, data: SplitDataset): void {
  if (itemCount !== data.itemCount || (userCount ?? data.userCount) < data.userCount) {
    const own = userCount === undefined ? `${itemCount} items` : `${userCount} users and ${itemCount} items`;
    throw new InvalidDataError({
      source: data.name,
      actual: `${data.userCount} users and ${data.itemCount} items`,
      expected: `${own}, as ${name} was made for`,
    });
  }
  for (const part of ["train", "validation", "test"] as const)
    assertIndices(`the ${part} part of ${data.name}`, "item", data[part].items, itemCount);
}

/**
 * @param source The name of the items' source in the message.
 * @throws InvalidDataError if the recommender was made for another number of items.
 */
export function assertItemsFit({ name, itemCount }: Recommender, source: string, actualCount: number): void {
  if (actualCount === itemCount) return;
  const expected = `${itemCount} items, as ${name} was made for`;
  throw new InvalidDataError({ source, actual: `${actualCount} items`, expected });
}

/**
 * @throws InvalidDataError if rows have other items or users than the recommender, lack what it reads, or have arrays whose
 *   lengths differ.
 */
export function assertRowsFit(recommender: Recommender, rows: UserRows): void {
  const { name, reads, profileWidth, userCount } = recommender;
  const { users, profileEmbeddings } = rows;
  const fail = (actual: string, expected: string) =>
    new InvalidDataError({ source: "rows", actual, expected });
  assertItemsFit(recommender, "rows", rows.itemCount);
  assertLengths(rows);
  assertIndices("rows", "item", rows.items, rows.itemCount);
  assertIndices("rows", "row", rows.rows, rows.rowCount);
  if (rows.rows.some((row, entry) => row < rows.rows[entry - 1]))
    throw fail("interactions in another order", "the interactions row after row");
  if (users) assertIndices("rows", "user", users, userCount, `, as ${name} was made for`);
  if (reads.userIndex && !users) throw fail("no users", `users: ${name} knows users by their index`);
  if (reads.profile && !users && !profileEmbeddings)
    throw fail("neither users nor profile embeddings", `one of them: ${name} reads profiles`);
  if (profileEmbeddings && profileEmbeddings.columnCount !== profileWidth) {
    const expected =
      profileWidth === undefined ? `none: ${name} reads no profiles` : `${profileWidth} wide ones`;
    throw fail(`profile embeddings ${profileEmbeddings.columnCount} wide`, expected);
  }
}

/**
 * Checks the scores that a caller's own model returns.
 *
 * @throws ShapeMismatchError with both shapes if they are not those of all items for each user.
 */
export function assertScoresFit({ name, itemCount }: Recommender, scores: Tensor, userCount: number): void {
  assertShape(`the matrix of scores of ${name}`, scores.shape, [userCount, itemCount]);
}

function assertLengths({ rowCount, users, rows, items, weights, profileEmbeddings }: UserRows): void {
  const lengths = [
    ["items", items.length, rows.length],
    ["weights", weights.length, rows.length],
    ["users", users?.length ?? rowCount, rowCount],
    ["rows of profile embeddings", profileEmbeddings?.rowCount ?? rowCount, rowCount],
  ] as const;
  for (const [what, actual, expected] of lengths) {
    if (actual !== expected)
      throw new InvalidDataError({ source: "rows", actual: `${actual} ${what}`, expected: String(expected) });
  }
}

/** @param count The number of things that indices name; without it there is no upper bound. */
function assertIndices(
  source: string,
  what: string,
  indices: Int32Array,
  count = Number.POSITIVE_INFINITY,
  reason = "",
): void {
  // A plain loop: it runs over all interactions of a dataset.
  for (const index of indices) {
    if (index >= 0 && index < count) continue;
    const range = Number.isFinite(count)
      ? `an index from 0 to ${count - 1}`
      : "an index that is not negative";
    throw new InvalidDataError({ source, actual: `${what} ${index}`, expected: range + reason });
  }
}
