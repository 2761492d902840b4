import type { SplitDataset } from "@dmrec/core";
import { syntheticCatalogue } from "@dmrec/data";
import { describe, expect, it } from "vitest";
import { withTemplateProfiles } from "./with-template-profiles";

/** The interactions of a small catalogue, without any description. */
const {
  itemNames: _names,
  itemAttributes: _attributes,
  itemProfiles: _items,
  userProfiles: _users,
  profileEmbeddings: _embeddings,
  ...bare
} = syntheticCatalogue({ users: 30, items: 20 });
const titles = bare.itemIds.map((_, item) => `Title ${item}`);
const itemsOf = ({ offsets, items }: SplitDataset["test"], user: number) =>
  Array.from(items.subarray(offsets[user], offsets[user + 1]));

describe("withTemplateProfiles", () => {
  it("leaves data without any description, and data with profiles, as it is", () => {
    expect(withTemplateProfiles(bare)).toBe(bare);
    const profiled = { ...bare, itemProfiles: titles, userProfiles: bare.userIds, itemNames: titles };
    expect(withTemplateProfiles(profiled)).toBe(profiled);
  });

  it("writes profiles of items from names and attributes", () => {
    const itemAttributes = titles.map((_, item) => (item === 0 ? { tags: ["sea"], title: "Own title" } : {}));
    const { itemProfiles } = withTemplateProfiles({ ...bare, itemNames: titles, itemAttributes });
    expect(itemProfiles?.slice(0, 2)).toEqual(["Own title. Tags: sea.", "Title 1."]);
  });

  it("writes profiles of users from their training items only, after texts about them", () => {
    const userTexts = bare.userIds.map((_, user) => (user === 3 ? "job: baker" : ""));
    const { userProfiles = [] } = withTemplateProfiles({ ...bare, itemNames: titles, userTexts });
    const known = (user: number) =>
      Array.from(userProfiles[user].matchAll(/Title (\d+)/g), ([, item]) => Number(item));
    for (const user of bare.userIds.keys()) {
      expect(known(user).length).toBeGreaterThan(0);
      expect(itemsOf(bare.train, user)).toEqual(expect.arrayContaining(known(user)));
    }
    expect(userProfiles[3]).toMatch(/^job: baker Chose /);
    expect(userProfiles[4]).toMatch(/^Chose /);
  });

  it("keeps given profiles of items, and writes those of users from them", () => {
    const itemProfiles = titles.map((_, item) => `about ${item}`);
    const result = withTemplateProfiles({ ...bare, itemProfiles });
    expect(result.itemProfiles).toBe(itemProfiles);
    expect(result.userProfiles?.[0]).toMatch(/^Chose about \d+/);
  });
});
