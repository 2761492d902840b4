import { describe, expect, it } from "vitest";
import { canonicalHash } from "./canonical-hash";

describe("canonicalHash", () => {
  it("does not depend on the order of keys, and on all else", () => {
    expect(canonicalHash({ b: [1, { y: null, x: "z" }], a: 1 })).toBe(
      canonicalHash({ a: 1, b: [1, { x: "z", y: null }] }),
    );
    const values = [null, 0, "0", "", [], {}, [0], { 0: 0 }, { 0: null }, [[]], "é", "e\u0301"];
    expect(new Set(values.map(canonicalHash)).size).toBe(values.length);
  });
});
