import { InvalidDataError, type Recommender, type SplitDataset, type UserRows } from "@dmrec/core";

/**
 * tfjs backends do not check the indices that they gather, so mismatched sizes are rejected here.
 *
 * @throws InvalidDataError if the recommender was made for another number of items, or for fewer users.
 */
export function assertDataFits({ name, itemCount, userCount }: Recommender, data: SplitDataset): void {
  if (itemCount === data.itemCount && (userCount ?? data.userCount) >= data.userCount) return;
  const own = userCount === undefined ? `${itemCount} items` : `${userCount} users and ${itemCount} items`;
  throw new InvalidDataError({
    source: data.name,
    actual: `${data.userCount} users and ${data.itemCount} items`,
    expected: `${own}, as ${name} was made for`,
  });
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

/** @throws InvalidDataError if rows have other items or users than the recommender, or lack what it reads. */
export function assertRowsFit(recommender: Recommender, rows: UserRows): void {
  const { name, reads, profileWidth, userCount } = recommender;
  const { users, profileEmbeddings } = rows;
  const fail = (actual: string, expected: string) =>
    new InvalidDataError({ source: "rows", actual, expected });
  assertItemsFit(recommender, "rows", rows.itemCount);
  const stranger = users?.find((user) => user < 0 || (userCount !== undefined && user >= userCount));
  if (stranger !== undefined)
    throw fail(`user ${stranger}`, `an index from 0 to ${(userCount ?? 0) - 1}, as ${name} was made for`);
  if (reads.userIndex && !users) throw fail("no users", `users: ${name} knows users by their index`);
  if (reads.profile && !users && !profileEmbeddings)
    throw fail("neither users nor profile embeddings", `one of them: ${name} reads profiles`);
  if (profileEmbeddings && profileEmbeddings.columnCount !== profileWidth) {
    const expected =
      profileWidth === undefined ? `none: ${name} reads no profiles` : `${profileWidth} wide ones`;
    throw fail(`profile embeddings ${profileEmbeddings.columnCount} wide`, expected);
  }
}
