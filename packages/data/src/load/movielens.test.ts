import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { describeDataset } from "../dataset/describe-dataset";
import { itemName } from "../dataset/item-name";
import { type MovieLensGeneration, writeMovieLensFolder } from "../testing/movielens-folder";
import { loadDataset } from "./load-dataset";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dmrec-movielens-"));
});
afterEach(() => rm(folder, { recursive: true }));

const generations: readonly MovieLensGeneration[] = ["ml-100k", "ml-1m", "ml-10m", "ml-latest-small"];

describe.each(generations)("%s", (generation) => {
  beforeEach(() => writeMovieLensFolder(folder, generation, { users: 40, movies: 120, ratings: 800 }));

  it("is read as MovieLens ships it", async () => {
    const data = await loadDataset(folder, { onWarning: () => {} });
    const { users, train, validation, test } = describeDataset(data);
    expect(users).toBe(40);
    expect(train + validation + test).toBe(800);
    expect(data.userIds).toContain("40");
    const item = data.itemIds.indexOf("1");
    expect(itemName(data, item)).toMatch(/^"Great" \w+ \w+ 0, The \(Misérables, Les\) \(19\d\d\)$/);
    const second = data.itemAttributes?.[data.itemIds.indexOf(generation === "ml-100k" ? "2" : "4")];
    expect(second?.title).toMatch(/^\w+ \w+ 1 \(19\d\d\)$/);
    expect(second?.tags?.every((tag) => /^[A-Z][-'A-Za-z]+$/.test(tag))).toBe(true);
    expect(second?.tags?.length).toBeGreaterThan(0);
  });

  it("has genres and years as columns, by whichever layout", async () => {
    const { itemColumns = {}, itemAttributes = [] } = await loadDataset(folder, { onWarning: () => {} });
    const { genres, year } = itemColumns;
    if (genres?.kind !== "texts" || year?.kind !== "numbers") throw new Error("no genres or no years");
    for (const [item, { title = "", tags = [] }] of itemAttributes.entries()) {
      expect(genres.values[item].map((text) => genres.texts[text])).toEqual(tags);
      expect(title).toContain(`(${year.values[item]})`);
    }
  });

  it("is filtered by its ratings and split by its times", async () => {
    const options = { minimumRating: 4, split: { by: "time" }, onWarning: () => {} } as const;
    const { train, validation, test } = describeDataset(await loadDataset(folder, options));
    const kept = train + validation + test;
    expect(kept).toBeGreaterThan(100);
    expect(kept).toBeLessThan(800);
  });
});

describe("a damaged file of MovieLens", () => {
  it.each([
    ["ml-100k", "u.data", "1\t2\t3\t4\n1\t2\t3\n", /u\.data, line 2: 3 fields; expected 4, user_id, item_id/],
    ["ml-1m", "ratings.dat", "1::2::3::4\n1::x::good::4\n", /ratings\.dat, line 2: "good" in "rating"/],
    ["ml-latest-small", "ratings.csv", "userId,movieId,rating,timestamp\n1,2,3,4,5\n", /line 2: 5 fields/],
  ] as const)("of %s is named with the line", async (generation, file, content, message) => {
    await writeMovieLensFolder(folder, generation, { users: 5, movies: 20, ratings: 40 });
    await writeFile(join(folder, file), content);
    await expect(loadDataset(folder, { onWarning: () => {} })).rejects.toThrow(message);
  });
});
