import { InvalidDataError, type Recommender, type SplitDataset } from "@dmrec/core";

/**
 * Backends read beyond a table's end without a word, so that sizes are compared at the edge.
 *
 * @throws InvalidDataError where the recommender was made for another number of items, or for fewer users.
 */
export function assertFits(recommender: Recommender, data: SplitDataset): void {
  const { name, itemCount, userCount } = recommender;
  if (itemCount === data.itemCount && (userCount ?? data.userCount) >= data.userCount) return;
  const own = userCount === undefined ? `${itemCount} items` : `${userCount} users and ${itemCount} items`;
  throw new InvalidDataError({
    source: data.name,
    actual: `${data.userCount} users and ${data.itemCount} items`,
    expected: `${own}, as ${name} was made for`,
  });
}

/**
 * The same of data without users, such as rows to score or what a file says of its items.
 *
 * @param source Whose items these are, for messages.
 */
export function assertItemsFit({ name, itemCount }: Recommender, source: string, actualCount: number): void {
  if (actualCount === itemCount) return;
  const expected = `${itemCount} items, as ${name} was made for`;
  throw new InvalidDataError({ source, actual: `${actualCount} items`, expected });
}
