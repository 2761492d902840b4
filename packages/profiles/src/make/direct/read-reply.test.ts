import { expect, it } from "vitest";
import { profileSchema } from "../../profile";
import { readReply } from "./read-reply";

const reply = { reasoning: "It says so.", sufficient: true, summary: "A quiet book." };

it("reads a reply in a code fence, without fields that were not requested", () => {
  const text = `\`\`\`json\n${JSON.stringify({ ...reply, mood: "calm" })}\n\`\`\``;
  expect(readReply(text, profileSchema())).toMatchObject({ ok: true, profile: { summary: "A quiet book." } });
});

it.each([
  ["", "The reply was empty."],
  ["Sure! {}", "The reply was not a JSON object alone."],
  [
    '{"reasoning":"x","summary":5,"mood":"calm"}',
    "The reply did not fit the schema: sufficient: missing; expected true or false; summary: 5; expected a text.",
  ],
  ["[]", "The reply did not fit the schema: a list; expected an object."],
])("says in a line what is wrong with the reply %j", (text, problem) => {
  expect(readReply(text, profileSchema())).toEqual({ ok: false, problem });
});
