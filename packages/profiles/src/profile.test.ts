import { InvalidOptionsError } from "@dmrec/core";
import { describe, expect, it } from "vitest";
import { profileSchema } from "./profile";

describe("profileSchema", () => {
  it("bounds the texts of a reply", () => {
    const schema = profileSchema({ maxSummaryLength: 3 });
    const reply = (summary: string) => ({ sufficient: true, summary, reasoning: "The title." });
    expect(schema.safeParse(reply("abc")).success).toBe(true);
    expect(schema.safeParse(reply("abcd")).success).toBe(false);
  });

  it.each([{ maxSummaryLength: 0 }, { maxReasoningLength: 1.5 }, { maximumSummary: 3 }])(
    "refuses %j",
    (limits) => {
      expect(() => profileSchema(limits)).toThrow(InvalidOptionsError);
      expect(() => profileSchema(limits)).toThrow(/^profileSchema: /);
    },
  );
});
