import { InvalidDataError, type SplitDataset } from "@dmrec/core";
import { syntheticCatalogue } from "@dmrec/data";
import { describe, expect, it } from "vitest";
import { shuffleProfiles } from "./shuffle-profiles";

const data: SplitDataset = syntheticCatalogue({ users: 40, items: 30, embeddingWidth: 4 });
const profiles = ({ profileEmbeddings }: SplitDataset) =>
  Array.from({ length: 40 }, (_, user) =>
    [...(profileEmbeddings?.users.values.subarray(4 * user, 4 * user + 4) ?? [])].join(),
  );
const changed = (other: SplitDataset) => {
  const before = profiles(data);
  return profiles(other).filter((profile, user) => profile !== before[user]).length;
};

describe("shuffleProfiles", () => {
  it.each([
    [0, 0],
    [0.1, 4],
    [0.5, 20],
    [1, 40],
  ])("gives a share of %d of the users another one's profile", (share, count) => {
    const shuffled = shuffleProfiles(data, share, 7);
    expect(changed(shuffled)).toBe(count);
    expect(profiles(shuffled).sort()).toEqual(profiles(data).sort());
    expect(shuffled.profileEmbeddings?.items).toBe(data.profileEmbeddings?.items);
  });

  it("exchanges others with another seed, the same with the same, and nothing alone", () => {
    expect(profiles(shuffleProfiles(data, 0.5, 1))).toEqual(profiles(shuffleProfiles(data, 0.5, 1)));
    expect(profiles(shuffleProfiles(data, 0.5, 1))).not.toEqual(profiles(shuffleProfiles(data, 0.5, 2)));
    expect(changed(shuffleProfiles(data, 1 / 40, 1))).toBe(0);
  });

  it("refuses data without profiles", () => {
    const { profileEmbeddings: _none, ...rest } = data;
    expect(() => shuffleProfiles(rest, 0.5, 1)).toThrow(InvalidDataError);
  });
});
