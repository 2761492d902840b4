import type { InteractionMatrix, UserRows } from "@dmrec/core";

/**
 * Gathers the interactions of some users, row after row in the order of `users`.
 *
 * @example
 * gatherRows(data.train, Int32Array.of(7, 3)); // row 0 is user 7, row 1 is user 3
 */
export function gatherRows(matrix: InteractionMatrix, users: Int32Array): UserRows {
  const { itemCount, offsets, items, weights } = matrix;
  const size = users.reduce((sum, user) => sum + offsets[user + 1] - offsets[user], 0);
  const gathered = {
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
    gathered.rows.fill(row, position, position + end - start);
    gathered.items.set(items.subarray(start, end), position);
    gathered.weights.set(weights.subarray(start, end), position);
    position += end - start;
  });
  return gathered;
}
