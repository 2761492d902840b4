import { InvalidOptionsError, itemPopularity } from "@dmrec/core";
import { describe, expect, it } from "vitest";
import { fingerprint } from "../dataset/fingerprint";
import { itemsOf } from "../interactions/interaction-matrix";
import { syntheticCatalogue } from "./synthetic-catalogue";

const data = syntheticCatalogue();

function similarity(user: number, item: number): number {
  const { users, items } = data.profileEmbeddings ?? { users: undefined, items: undefined };
  if (!users || !items) return Number.NaN;
  const width = users.columnCount;
  let sum = 0;
  for (let column = 0; column < width; column += 1)
    sum += users.values[user * width + column] * items.values[item * width + column];
  return sum;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("the synthetic catalogue", () => {
  it("is a function of its seed", () => {
    expect(fingerprint(syntheticCatalogue())).toBe(fingerprint(data));
    expect(syntheticCatalogue().userProfiles).toEqual(data.userProfiles);
    expect(fingerprint(syntheticCatalogue({ seed: 1 }))).not.toBe(fingerprint(data));
  });

  it("gives every reader something to train on, a dozen books on average, and no book twice", () => {
    for (let user = 0; user < data.userCount; user += 1) {
      const parts = [data.train, data.validation, data.test].map((part) => [...itemsOf(part, user)]);
      expect(parts[0].length).toBeGreaterThanOrEqual(3);
      expect(new Set(parts.flat()).size).toBe(parts.flat().length);
    }
    const average = data.train.items.length / data.userCount;
    expect(average).toBeGreaterThan(9);
    expect(average).toBeLessThan(16);
  });

  it("has a heavy tail: a tenth of the books takes over a quarter of the readings", () => {
    const popularity = [...itemPopularity(data.train)].sort((a, b) => b - a);
    const top = popularity.slice(0, data.itemCount / 10).reduce((sum, count) => sum + count, 0);
    expect(top / data.train.items.length).toBeGreaterThan(0.25);
  });

  it("has texts that tell of what readers choose, in the part that the texts do not know too", () => {
    const users = Array.from({ length: data.userCount }, (_, user) => user).filter(
      (user) => itemsOf(data.test, user).length > 0,
    );
    const chosen = mean(
      users.map((user) => mean([...itemsOf(data.test, user)].map((item) => similarity(user, item)))),
    );
    const any = mean(users.map((user) => similarity(user, (user * 7919) % data.itemCount)));
    expect(chosen).toBeGreaterThan(1.3 * any);
  });

  it("writes readers' texts from their training part: every title in one was read in it", () => {
    const names = data.itemNames ?? [];
    data.userProfiles?.forEach((profile, user) => {
      const titles = profile.replace(/^.*Recently read: |\.$/g, "").split("; ");
      const read = new Set(Array.from(itemsOf(data.train, user), (item) => names[item]));
      expect(titles.every((title) => read.has(title))).toBe(true);
    });
  });

  it("has distinct titles and embeddings of length 1", () => {
    expect(new Set(data.itemNames).size).toBe(data.itemCount);
    expect(Math.abs(similarityOfItem(0) - 1)).toBeLessThan(1e-5);
  });

  it("may be small, and refuses sizes that make no sense", () => {
    expect(syntheticCatalogue({ users: 3, items: 10, embeddingWidth: 2, topics: 2 }).userCount).toBe(3);
    expect(() => syntheticCatalogue({ users: 0 })).toThrow(InvalidOptionsError);
  });
});

function similarityOfItem(item: number): number {
  const { values, columnCount } = data.profileEmbeddings?.items ?? {
    values: new Float32Array(),
    columnCount: 0,
  };
  const own = values.subarray(item * columnCount, (item + 1) * columnCount);
  return own.reduce((sum, value) => sum + value * value, 0);
}
