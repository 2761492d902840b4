import fc from "fast-check";
import { expect, it } from "vitest";
import { excerpt } from "./item-prompt";

it("an excerpt is a start of the text in whole characters, marked where the text goes on", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.nat(20), (text, length) => {
      const short = excerpt(text, length);
      expect(text.trim().startsWith(short.replace(/…$/, ""))).toBe(true);
      expect(short.length).toBeLessThanOrEqual(length + 1);
      expect(short).not.toMatch(/\p{Surrogate}/u);
    }),
  );
});
