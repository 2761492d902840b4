import type { TrainingInteractions } from "@dmrec/core";
import { type SparseRows, timesTall, transposed } from "@dmrec/linear-algebra";
import { type ProfileTables, textTable } from "./profile-tables";

type Table = ProfileTables["users"];

/**
 * Stand-ins for profiles that a language model would extrapolate: for each of `count` distances, the mean profile of the
 * users or items that many steps away in the graph of interactions. A node without neighbours keeps its own profile.
 */
export function neighbourProfiles(
  own: ProfileTables,
  { userCount, itemCount, offsets, items, weights }: TrainingInteractions,
  count: number,
): readonly ProfileTables[] {
  const ofUsers = { rowCount: userCount, columnCount: itemCount, offsets, columns: items, values: weights };
  const [toUsers, toItems] = [rowMeans(ofUsers), rowMeans(transposed(ofUsers))];
  const further: ProfileTables[] = [];
  for (let nearer = own; further.length < count; ) {
    nearer = {
      users: neighbourMeans(toUsers, nearer.items, own.users),
      items: neighbourMeans(toItems, nearer.users, own.items),
    };
    further.push(nearer);
  }
  return further;
}

/** The same rows, each with the sum 1. */
function rowMeans(rows: SparseRows): SparseRows {
  const values = rows.values.slice();
  for (let row = 0; row < rows.rowCount; row += 1) {
    const own = values.subarray(rows.offsets[row], rows.offsets[row + 1]);
    const sum = own.reduce((total, value) => total + value, 0);
    own.forEach((value, entry) => {
      own[entry] = value / sum;
    });
  }
  return { ...rows, values };
}

function neighbourMeans(means: SparseRows, neighbours: Table, own: Table): Table {
  const [rowCount, width] = neighbours.shape;
  const { values } = timesTall(means, { rowCount, width, values: neighbours.values });
  const result = Float32Array.from(values);
  for (let row = 0; row < means.rowCount; row += 1)
    if (means.offsets[row] === means.offsets[row + 1])
      result.set(own.values.subarray(row * width, (row + 1) * width), row * width);
  return textTable({ rowCount: means.rowCount, columnCount: width, values: result });
}
