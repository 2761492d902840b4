import { InvalidDataError, RandomGenerator, type SplitDataset } from "@dmrec/core";

/**
 * Exchanges the profile embeddings of a share of the users among each other: the chosen users each get another chosen
 * user's profile. Items keep theirs.
 *
 * @param share The share of users, from 0 to 1. With fewer than two users to choose, nothing is exchanged.
 * @throws InvalidDataError if the data has no profile embeddings.
 */
export function shuffleProfiles(data: SplitDataset, share: number, seed: number): SplitDataset {
  if (!data.profileEmbeddings) {
    throw new InvalidDataError({
      source: "shuffleProfiles",
      actual: "data without profile embeddings",
      expected: "embeddings of its users and items",
    });
  }
  const { users, items } = data.profileEmbeddings;
  const { columnCount } = users;
  const random = RandomGenerator.fromSeed(seed).fork("shuffle-profiles");
  const chosen = random
    .shuffle(Array.from({ length: users.rowCount }, (_, user) => user))
    .slice(0, Math.round(share * users.rowCount));
  const values = users.values.slice();
  // In a circle, so that no user keeps the own profile.
  chosen.forEach((user, place) => {
    const other = chosen[(place + 1) % chosen.length];
    values.set(users.values.subarray(other * columnCount, (other + 1) * columnCount), user * columnCount);
  });
  return { ...data, profileEmbeddings: { users: { ...users, values }, items } };
}
