import { type ItemColumns, type ItemFilter, ItemFilters } from "@dmrec/core";
import { expect, it } from "vitest";
import { assertFilterMatches, parseFilterFlag } from "./filter-flag";

const columns: ItemColumns = {
  genres: { kind: "texts", texts: ["Comedy", "Drama"], values: [[0], [1]] },
  author: { kind: "texts", texts: ["Austen, Jane", "Swift"], values: [[0], [1]] },
  year: { kind: "numbers", values: [1995, null] },
};
const parse = (...texts: string[]) => parseFilterFlag(texts, columns, (message) => new Error(message));

it.each<[string[], ItemFilter]>([
  [["genres=Comedy"], { genres: "Comedy" }],
  [["genres = Comedy, Drama"], { genres: ["Comedy", "Drama"] }],
  [["author=Austen, Jane"], { author: "Austen, Jane" }],
  [["author=austen, jane"], { author: "austen, jane" }],
  [["year=1995"], { year: [1995] }],
  [["year=1990..1999"], { year: { from: 1990, to: 1999 } }],
  [["year=..1999"], { year: { to: 1999 } }],
  [["year=1.5.."], { year: { from: 1.5 } }],
  [["genres=Comedy", "year=1990,1995"], { genres: "Comedy", year: [1990, 1995] }],
  [['{"genres":"Comedy","year":{"from":1990}}'], { genres: "Comedy", year: { from: 1990 } }],
  // The model refuses it with the columns that there are.
  [["genre=Comedy"], { genre: "Comedy" }],
])("%j is a filter", (texts, filter) => {
  expect(parse(...texts)).toEqual(filter);
});

it.each([
  [["Comedy"], /^"Comedy" is no condition; expected COLUMN=VALUE, .* with one of genres \(texts\), author/],
  [["=Comedy"], /is no condition/],
  [["genres="], "genres: has an empty value; expected values between commas"],
  [
    ["year=new"],
    /^year: "new" in a column of numbers; expected a number, numbers between commas, or a range/,
  ],
  [["year=1..x"], /^year: "1\.\.x" in a column of numbers/],
  [["year=1", "year=2"], /^has two conditions on year/],
  [["{genres:1}"], /is no JSON; expected one such as/],
  [['{"__proto__":"x"}'], /^no column "__proto__"; expected columns of the items$/],
  [['{"genres":null}'], /^genres: expected a text, a number, a list of them/],
])("%j is refused with a sentence", (texts, message) => {
  expect(() => parse(...texts)).toThrow(message);
});

it("keeps a condition on a column of any name, so that an unknown one is refused", () => {
  expect(Object.entries(parse("__proto__=x") ?? {})).toEqual([["__proto__", "x"]]);
});

it.each([
  [["genres=Comdy"], 'genres: no item has "Comdy"; the nearest that there are: "Comedy", "Drama"'],
  [["genres=Comedy,drama, x"], /^genres: no item has "x"; /],
  [["year=2050.."], "no item meets year as asked; year is from 1995 to 1995"],
  [["genres=Drama", "year=1995"], "no item meets genres and year as asked; year is from 1995 to 1995"],
  [
    ["genres=Drama", "author=Austen, Jane"],
    "no item meets genres and author as asked; ask for less at a time",
  ],
])("%j, which leaves no item or names what no item has, is refused", (texts, message) => {
  const fail = (text: string) => new Error(text);
  const filter = parse(...texts) ?? {};
  const mask = new ItemFilters(columns, 2).mask(filter, (_, text) => fail(text));
  expect(() => assertFilterMatches(filter, columns, { mask, fail })).toThrow(message);
});

it("has no range of a column in which no item has a number", () => {
  const columns: ItemColumns = { year: { kind: "numbers", values: [null, null] } };
  const given = { mask: new Uint8Array(2), fail: (text: string) => new Error(text) };
  expect(() => assertFilterMatches({ year: 1995 }, columns, given)).toThrow(
    "no item meets year as asked; ask for less at a time",
  );
});

it("finds texts as the filter does, without the spaces around them", () => {
  const columns: ItemColumns = { genres: { kind: "texts", texts: [" Comedy"], values: [[0]] } };
  const fail = (text: string) => new Error(text);
  const filter = { genres: "comedy " };
  const mask = new ItemFilters(columns, 1).mask(filter, (_, text) => fail(text));
  expect(mask).toEqual(Uint8Array.of(1));
  expect(() => assertFilterMatches(filter, columns, { mask, fail })).not.toThrow();
});

it("that items meet is accepted", () => {
  const filter = { genres: ["comedy "], year: { from: 1990 } };
  const fail = (text: string) => new Error(text);
  const mask = new ItemFilters(columns, 2).mask(filter, (_, text) => fail(text));
  expect(() => assertFilterMatches(filter, columns, { mask, fail })).not.toThrow();
});

it("needs columns", () => {
  const fail = (message: string) => new Error(message);
  expect(parseFilterFlag(undefined, undefined, fail)).toBeUndefined();
  expect(() => parseFilterFlag(["a=b"], undefined, fail)).toThrow(
    /have no columns to filter by; add a table/,
  );
});
