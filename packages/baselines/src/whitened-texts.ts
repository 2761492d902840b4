import { type DenseMatrix, InvalidDataError, type TrainingInteractions } from "@dmrec/core";
import { principalComponents } from "@dmrec/linear-algebra";
import { type ProfileTables, textTable } from "./profile-tables";

/**
 * The first `count` principal components of users' and of items' texts, each with the variance 1; all of them if the texts
 * are narrower.
 *
 * The two are whitened apart, as in the program of Zhang et al. 2026, which compares them by cosine nevertheless. The signs
 * of components are arbitrary, so here each component of the items is turned to agree with that of the users over the
 * interactions.
 *
 * @throws InvalidDataError for fewer than two users or items.
 */
export function whitenedTexts(
  { users, items }: ProfileTables,
  interactions: TrainingInteractions,
  count: number,
): ProfileTables {
  const [ofUsers, ofItems] = [whitened("users", users, count), whitened("items", items, count)];
  const width = ofUsers.columnCount;
  const agreement = new Float64Array(width);
  for (let user = 0; user < interactions.userCount; user += 1)
    for (const item of interactions.items.subarray(
      interactions.offsets[user],
      interactions.offsets[user + 1],
    ))
      for (let column = 0; column < width; column += 1)
        agreement[column] += ofUsers.values[user * width + column] * ofItems.values[item * width + column];
  const turned = ofItems.values.map((value, index) => (agreement[index % width] < 0 ? -value : value));
  return { users: textTable(ofUsers), items: textTable({ ...ofItems, values: turned }) };
}

function whitened(
  side: keyof ProfileTables,
  { shape: [rowCount, columnCount], values }: ProfileTables["users"],
  count: number,
): DenseMatrix {
  if (rowCount < 2) {
    const [source, actual] = [`profileEmbeddings.${side}`, `${rowCount} of the ${side}`];
    throw new InvalidDataError({ source, actual, expected: "at least two, whose texts can be whitened" });
  }
  return principalComponents(
    { rowCount, columnCount, values },
    { count: Math.min(count, columnCount), whiten: true },
  );
}
