import { describe, expect, it } from "vitest";
import { makeItemColumns, withYears } from "./item-columns";

const columnOf = (values: readonly unknown[], tags: readonly string[] = []) =>
  makeItemColumns(
    values.map((value) => (value === undefined ? undefined : { column: value })),
    { names: ["column"], tags },
  ).column;

describe("a column of items", () => {
  it.each([
    ["texts of digits", ["1990", " 7.5 ", ""], [1990, 7.5, null]],
    ["numbers, of which some are missing", [3, undefined, null, "nan"], [3, null, null, null]],
    ["whole numbers of SQL", [3n, 4], [3, 4]],
  ])("of %s is one of numbers", (_, values, numbers) => {
    expect(columnOf(values)).toEqual({ kind: "numbers", values: numbers });
  });

  it.each<[string, unknown[], string[], string[], number[][]]>([
    ["texts", ["a", "b, c", "a", ""], [], ["a", "b, c"], [[0], [1], [0], []]],
    ["texts between bars", ["a|b", "b|b", undefined], [], ["a", "b"], [[0, 1], [1], []]],
    ["tags between commas", ["a, b", "(no genres listed)"], ["column"], ["a", "b"], [[0, 1], []]],
    ["lists", [["a", "b"], []], [], ["a", "b"], [[0, 1], []]],
    ["numbers and texts", [1, "many"], [], ["1", "many"], [[0], [1]]],
    ["true and false", [true, false, true], [], ["true", "false"], [[0], [1], [0]]],
  ])("of %s is one of texts", (_, values, tags, texts, indices) => {
    expect(columnOf(values, tags)).toEqual({ kind: "texts", texts, values: indices });
  });

  it("without a value, or of as many different texts as items, is left out", () => {
    expect(columnOf(["", undefined, null])).toBeUndefined();
    const addresses = Array.from({ length: 200 }, (_, item) => `https://example.org/${item}`);
    expect(columnOf(addresses)).toBeUndefined();
    expect(columnOf([...addresses, addresses[0]])?.kind).toBe("texts");
  });
});

describe("the years of titles", () => {
  const attributes = [{ title: "Heat (1995)" }, { title: "Heat" }, { title: "Sabrina (1954) " }, {}];

  it("are a column if most titles have one", () => {
    const years = { kind: "numbers", values: [1995, null, 1954, null] };
    expect(withYears({}, attributes)).toEqual({ year: years });
    expect(withYears({}, attributes.slice(0, 2))).toEqual({});
    expect(withYears({}, [{}, {}])).toEqual({});
  });

  it("yield to a column of years", () => {
    const Year = { kind: "numbers", values: [1, 2, 3, 4] } as const;
    expect(withYears({ Year }, attributes)).toEqual({ Year });
  });
});
