import { describe, expect, it } from "vitest";
import { findInMarkdown, findInSource } from "./english";

const rules = (source: string) => findInSource(source).map(({ line, rule }) => `${line} ${rule}`);

describe("the check of English", () => {
  it("finds doc comments that begin with a relative clause", () => {
    expect(rules("/** What a model reads. */\nexport const x = 1;")).toEqual(["1 opening"]);
    expect(rules("/** The inputs of a model. */\nexport const x = 1;")).toEqual([]);
    expect(rules("// What a line comment says is free.\nexport const x = 1;")).toEqual([]);
  });

  it("finds the words of the list in comments, within functions and fields, too", () => {
    const source = `class A {
  /** Read by somebody. */
  b = 1;
  c() {
    // It starts anew, for the file is gone.
    return 1;
  }
}`;
    expect(rules(source)).toEqual(["2 persons", "5 anew", "5 for as because"]);
  });

  it("leaves strings, code and quotations alone", () => {
    expect(rules('export const a = "nobody"; // `nobody` and "nobody"')).toEqual([]);
    expect(findInMarkdown("```ts\n// nobody\n```\n## Where to add what\nA user.")).toEqual([]);
    expect(findInMarkdown("A text.\nIt is used where there is one.")).toMatchObject([
      { line: 2, rule: "where for if" },
    ]);
  });
});
