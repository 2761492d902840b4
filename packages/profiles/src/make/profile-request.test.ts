import { describe, expect, it } from "vitest";
import { profileSchema } from "../profile";
import { profileInstructions } from "../prompts/instructions";
import { promptTemplates } from "../prompts/prompt-template";
import { type RequestOptions, requestBuilder } from "./profile-request";

const options: RequestOptions = {
  model: "local/model",
  instructions: profileInstructions(promptTemplates.books, "item"),
  schema: profileSchema(),
  parameters: { maxOutputTokens: 700, providerOptions: { local: { effort: "low", seed: 1 } } },
};
const keyOf = (changes: Partial<RequestOptions>, data = { title: "Emma" }) =>
  requestBuilder({ ...options, ...changes })(data).key;

describe("a request's key", () => {
  it("stands for everything that the answer depends on", () => {
    const { books, films } = promptTemplates;
    const { parameters } = options;
    const keys = [
      keyOf({}),
      keyOf({}, { title: "Dune" }),
      keyOf({ model: "local/other" }),
      keyOf({ instructions: profileInstructions(books, "user") }),
      keyOf({ instructions: profileInstructions(films, "item") }),
      keyOf({ instructions: { ...options.instructions, version: 2 } }),
      keyOf({ instructions: { ...options.instructions, text: `${options.instructions.text} Be brief.` } }),
      keyOf({ schema: profileSchema({ maxSummaryLength: 500 }) }),
      keyOf({ parameters: { ...parameters, temperature: 0 } }),
      keyOf({ parameters: { ...parameters, maxOutputTokens: 800 } }),
      keyOf({ parameters: { ...parameters, providerOptions: { local: { effort: "low", seed: 2 } } } }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("does not depend on the order of options", () => {
    const providerOptions = { local: { seed: 1, effort: "low" } };
    expect(keyOf({ parameters: { ...options.parameters, providerOptions } })).toBe(keyOf({}));
  });
});

describe("a template", () => {
  it.each(Object.values(promptTemplates))("of $name asks for a profile of either entity", (template) => {
    for (const entity of ["item", "user"] as const) {
      const { system, prompt } = requestBuilder({
        ...options,
        instructions: profileInstructions(template, entity),
      })({ title: "Emma" });
      expect(system).toMatch(/40 to 100 words/);
      expect(system).toMatch(/set `sufficient` to false and `summary` to null/);
      expect(system).toMatch(/"additionalProperties":false/);
      expect(system).not.toMatch(/undefined|\[object/);
      expect(prompt).toBe('<data>\n{"title":"Emma"}\n</data>');
    }
  });
});
