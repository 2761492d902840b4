import { expect, it } from "vitest";
import { parsePython } from "./python-literal";

it.each([
  [
    `{'asin': 'B1', u'title': "It's \\"new\\"", 'tags': [['a', 'b'], ('c',), []], 'rank': {}}`,
    { asin: "B1", title: 'It\'s "new"', tags: [["a", "b"], ["c"], []], rank: {} },
  ],
  ["[True, False, None, 3, -2.5, 1e3]", [true, false, null, 3, -2.5, 1000]],
  ["{'a\\n\\u00e9\\xe9\\U0001F600': 12345678901234567890}", { "a\néé😀": "12345678901234567890" }],
  ["{'__proto__': 1}", JSON.parse('{"__proto__": 1}')],
])("reads %s", (text, value) => {
  expect(parsePython(text)).toEqual({ value });
});

it.each([
  ...["", "hello there", "{'a': }", "{'a' 1}", "[1, 2", "[1] 2", "{'a': nan?}", "[1 2]", "'open"],
  "'\\U00110000'",
])("refuses %j", (text) => {
  expect(parsePython(text)).toBeUndefined();
});

it("refuses lists in lists beyond the depth that can be read", () => {
  expect(parsePython("[".repeat(100_000) + "]".repeat(100_000))).toBeUndefined();
});
