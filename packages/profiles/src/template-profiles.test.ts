import { asTrainingSplit, interactionMatrix, syntheticCatalogue } from "@dmrec/data";
import { describe, expect, it } from "vitest";
import { templateItemProfiles, templateUserProfiles } from "./template-profiles";

const items = [
  { title: "Emma", tags: ["classic", "wit"], description: "A match is made", details: { year: 1815 } },
  { title: "Dune!", tags: ["desert"] },
  {},
  { tags: ["wit"] },
];
const train = asTrainingSplit(
  interactionMatrix({
    userCount: 3,
    itemCount: 4,
    users: Int32Array.of(0, 0, 0, 1),
    items: Int32Array.of(0, 1, 3, 2),
  }),
);

const summaries = (profiles: ReturnType<typeof templateItemProfiles>) =>
  profiles.map((profile) => (profile.status === "ok" ? profile.summary : undefined));

describe("profiles from templates", () => {
  it("say of items what is known", () => {
    expect(summaries(templateItemProfiles(items))).toEqual([
      "Emma. Tags: classic, wit. A match is made. year: 1815.",
      "Dune! Tags: desert.",
      undefined,
      "Tags: wit.",
    ]);
  });

  it("say of users what their training items have in common, and name a sample", () => {
    const [first, second, third] = summaries(templateUserProfiles({ train, items }));
    expect(first).toMatch(
      /^Prefers wit, classic, desert\. Chose (Emma: A match is made; Dune!|Dune!; Emma: A match is made\.)$/,
    );
    expect([second, third]).toEqual([undefined, undefined]);
    expect(summaries(templateUserProfiles({ train, items, sampleSize: 1 }))[0]).toMatch(/Chose [^;]*$/);
  });

  it("know of training items alone, and are the same again", () => {
    const catalogue = syntheticCatalogue({ users: 30, items: 60 });
    const named = catalogue.itemIds.map((id) => ({ title: `The ${id}.` }));
    const profiles = templateUserProfiles({ train: catalogue.train, items: named, sampleSize: 100 });
    expect(templateUserProfiles({ train: catalogue.train, items: named, sampleSize: 100 })).toEqual(profiles);
    summaries(profiles).forEach((summary, user) => {
      const reported = [...(summary ?? "").matchAll(/book-(\d+)/g)].map(([, item]) => Number(item));
      const { offsets, items: all } = catalogue.train;
      expect(reported.sort((a, b) => a - b)).toEqual([...all.slice(offsets[user], offsets[user + 1])]);
    });
  });

  it("refuse held-out parts and wrong numbers", () => {
    const { test } = syntheticCatalogue({ users: 30, items: 60 });
    // @ts-expect-error: a held-out part is no training part.
    expect(() => templateUserProfiles({ train: test, items })).toThrow(/not marked as the training part/);
    expect(() => templateUserProfiles({ train, items: items.slice(1) })).toThrow(
      /items: 3 of them; expected 4/,
    );
  });
});
