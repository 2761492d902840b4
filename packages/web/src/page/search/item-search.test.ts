import { expect, it } from "vitest";
import { ItemSearch } from "./item-search";

const names = [
  "The Drowned Captain",
  "Captain of the Sea",
  "Amélie",
  "AMELIE again",
  "<b>Captain</b>",
  "سفينة",
];
const search = new ItemSearch(names, [5, 1, 2, 9, 3, 1]);

it("finds items by beginnings of names, then of words, then by parts, the popular first", () => {
  expect(search.find("captain", 9)).toEqual([1, 0, 4]);
  expect(search.find("capt drow", 9)).toEqual([0]);
  expect(search.find("captain", 1)).toEqual([1]);
  expect(search.find("captain", 9, new Set([1]))).toEqual([0, 4]);
});

it("takes no notice of accents and capitals, and knows every script", () => {
  expect(search.find("amelie", 9)).toEqual([2, 3]);
  expect(search.find("AMÉLIE AG", 9)).toEqual([3]);
  expect(search.find("سفي", 9)).toEqual([5]);
});

it("finds nothing for nothing, and takes signs as they are", () => {
  expect(search.find("  ", 9)).toEqual([]);
  expect(search.find("<b>", 9)).toEqual([4]);
  expect(search.find(".*", 9)).toEqual([]);
});
