import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ItemColumns } from "./item-columns";
import { type ItemFilter, ItemFilters, itemFilterSchema } from "./item-filter";

const columns: ItemColumns = {
  genres: { kind: "texts", texts: ["Comedy", "Drama", "Sci-Fi"], values: [[0], [0, 1], [], [2, 1], [1]] },
  year: { kind: "numbers", values: [1990, 1999, 1995, null, 2001] },
};
const filters = new ItemFilters(columns, 5);
const fail = (path: readonly string[], message: string) => new Error([...path, message].join(": "));
const matches = (filter: ItemFilter) => {
  const mask = filters.mask(filter, fail);
  return [...mask.keys()].filter((item) => mask[item] === 1);
};

describe("a filter", () => {
  it.each<[ItemFilter, number[]]>([
    [{}, [0, 1, 2, 3, 4]],
    [{ genres: "Comedy" }, [0, 1]],
    [{ genres: "comedy " }, [0, 1]],
    [{ genres: ["Sci-Fi", "Comedy"] }, [0, 1, 3]],
    [{ genres: [] }, []],
    [{ genres: "Western" }, []],
    [{ year: 1995 }, [2]],
    [{ year: [1990, 2001] }, [0, 4]],
    [{ year: { from: 1990, to: 1999 } }, [0, 1, 2]],
    [{ year: { from: 1995 } }, [1, 2, 4]],
    [{ year: { to: 1990 } }, [0]],
    // An item without a year is in no range, even one that is open.
    [{ year: {} }, [0, 1, 2, 4]],
    [{ genres: "Drama", year: { from: 1990, to: 1999 } }, [1]],
  ])("%j leaves the items %j", (filter, items) => {
    expect(matches(filter)).toEqual(items);
  });

  it.each<[ItemFilter, string]>([
    [{ genre: "Comedy" }, 'no column "genre"; expected one of genres (texts), year (numbers)'],
    [{ toString: "x" }, 'no column "toString"; expected one of genres (texts), year (numbers)'],
    [{ genres: 3 }, 'genres: holds texts; expected a text or a list of texts, such as "Comedy"'],
    [{ genres: { from: 1 } }, 'genres: holds texts; expected a text or a list of texts, such as "Comedy"'],
    [
      { year: "1995" },
      "year: holds numbers; expected a number, a list of numbers, or a range such as { from: 1, to: 5 }",
    ],
    [{ year: { from: 3, to: 2 } }, "year: from 3 is above to 2; expected the lower number as from"],
  ])("%j is refused with a sentence", (filter, message) => {
    expect(() => matches(filter)).toThrow(new Error(message));
  });

  it("of as many texts as a client can send takes as long for many different texts as for few", () => {
    const wanted = Array.from({ length: 100_000 }, (_, nth) => `x${nth}`);
    const secondsOf = (count: number) => {
      const texts = Array.from({ length: count }, (_, item) => `Title ${item}`);
      const titles = { title: { kind: "texts" as const, texts, values: texts.map((_, item) => [item]) } };
      const began = performance.now();
      new ItemFilters(titles, count).mask({ title: wanted }, fail);
      return performance.now() - began;
    };
    const few = Math.max(secondsOf(100), secondsOf(100));
    expect(secondsOf(20_000)).toBeLessThan(5 * few);
  });

  it("of a table without columns is refused", () => {
    const none = new ItemFilters({}, 5);
    expect(() => none.mask({ year: 1 }, fail)).toThrow(
      'no column "year": the items have no columns to filter by',
    );
  });

  it("has one mask, in whichever order its columns are", () => {
    const mask = filters.mask({ genres: "Drama", year: 1999 }, fail);
    expect(filters.mask({ year: 1999, genres: "Drama" }, fail)).toBe(mask);
    for (let year = 0; year < 100; year += 1) filters.mask({ year }, fail);
    expect(filters.mask({ year: 1999, genres: "Drama" }, fail)).not.toBe(mask);
  });

  it("leaves the items that each of its conditions leaves", () => {
    const genres = fc.subarray(["Comedy", "Drama", "Sci-Fi", "Western"]);
    const year = fc.record({
      from: fc.integer({ min: 1980, max: 1996 }),
      to: fc.integer({ min: 1996, max: 2010 }),
    });
    fc.assert(
      fc.property(genres, year, (genres, year) => {
        const ofYear = matches({ year });
        expect(matches({ genres, year })).toEqual(
          matches({ genres }).filter((item) => ofYear.includes(item)),
        );
      }),
    );
  });
});

it.each([[{ a: null }], [{ a: { from: "1" } }], [{ a: { min: 1 } }], [{ a: [true] }], [{ a: Number.NaN }]])(
  "%j has not the form of a filter",
  (filter) => {
    const result = itemFilterSchema.safeParse(filter);
    expect(result.error?.issues[0]).toMatchObject({
      path: ["a"],
      message: "expected a text, a number, a list of them, or a range such as { from: 1990, to: 1999 }",
    });
  },
);

it("refuses a filter by the prototype of objects, which it would otherwise leave out", () => {
  const filter: unknown = JSON.parse('{"__proto__":"x"}');
  expect(itemFilterSchema.safeParse(filter).error?.issues).toMatchObject([
    { path: [], message: 'no column "__proto__"; expected columns of the items' },
  ]);
});
