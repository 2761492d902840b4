import type { ItemColumns, ItemFilter } from "@dmrec/core";
import { expect, it } from "vitest";
import { parseFilterFlag } from "./filter-flag";

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
  [['{"genres":null}'], /^genres: expected a text, a number, a list of them/],
])("%j is refused with a sentence", (texts, message) => {
  expect(() => parse(...texts)).toThrow(message);
});

it("needs columns", () => {
  const fail = (message: string) => new Error(message);
  expect(parseFilterFlag(undefined, undefined, fail)).toBeUndefined();
  expect(() => parseFilterFlag(["a=b"], undefined, fail)).toThrow(
    /have no columns to filter by; add a table/,
  );
});
