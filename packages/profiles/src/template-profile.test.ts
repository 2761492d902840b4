import { DMRecError, InvalidOptionsError } from "@dmrec/core";
import { itemsOf, syntheticCatalogue } from "@dmrec/data";
import { describe, expect, it } from "vitest";
import { templateItemProfile, templateUserProfiles } from "./template-profile";

describe("templateItemProfile", () => {
  it("puts attributes into sentences", () => {
    const profile = templateItemProfile({
      title: "The Drowned Harbour",
      tags: ["seafaring", " mystery "],
      details: { author: "N. N.", year: 1999 },
      description: "A lighthouse goes dark!",
    });
    expect(profile).toMatchObject({
      status: "ok",
      summary: "The Drowned Harbour. seafaring, mystery. author: N. N. year: 1999. A lighthouse goes dark!",
    });
  });

  it("says that nothing is known instead of an empty text", () => {
    expect(templateItemProfile({}).status).toBe("insufficient");
    expect(templateItemProfile({ title: " ", tags: [""], description: "\n" }).status).toBe("insufficient");
  });
});

describe("templateUserProfiles", () => {
  const {
    train,
    test,
    itemAttributes: items = [],
    itemNames: names = [],
  } = syntheticCatalogue({ users: 60, items: 40 });
  const profiles = templateUserProfiles({ train, items });
  const textOf = (user: number) => {
    const profile = profiles[user];
    return profile.status === "ok" ? profile.summary : "";
  };

  it("tells of training items alone, and of the tags that most of them have", () => {
    for (let user = 0; user < train.userCount; user += 1) {
      const known = new Set(Array.from(itemsOf(train, user), (item) => names[item]));
      const told = names.filter((name) => textOf(user).includes(`${name}:`));
      expect(told.length).toBeGreaterThan(0);
      expect(told.every((name) => known.has(name))).toBe(true);
    }
    const counts = new Map<string, number>();
    for (const item of itemsOf(train, 0))
      for (const tag of items[item].tags ?? []) counts.set(tag, (counts.get(tag) ?? 0) + 1);
    const [, first = ""] = /^Likes ([^,.]+)/.exec(textOf(0)) ?? [];
    expect(counts.get(first)).toBe(Math.max(...counts.values()));
  });

  it("gives the same for the same seed, and a profile of nobody where nothing is known", () => {
    expect(templateUserProfiles({ train, items })).toEqual(profiles);
    expect(templateUserProfiles({ train, items, seed: 1 })).not.toEqual(profiles);
    const bare = templateUserProfiles({ train, items: items.map(() => ({})) });
    expect(bare.every(({ status }) => status === "insufficient")).toBe(true);
  });

  it("refuses anything but a training part, and attributes of other items", () => {
    expect(() => Reflect.apply(templateUserProfiles, undefined, [{ train: test, items }])).toThrow(
      DMRecError,
    );
    expect(() => templateUserProfiles({ train, items: items.slice(1) })).toThrow(InvalidOptionsError);
    expect(() => templateUserProfiles({ train, items, sampleSize: 0 })).toThrow(InvalidOptionsError);
  });
});
