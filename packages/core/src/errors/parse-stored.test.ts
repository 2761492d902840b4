import { expect, it } from "vitest";
import { z } from "zod";
import { parseStored } from "./parse-stored";

const schema = z.object({ model: z.object({ name: z.string() }) });

it("returns what fits, and says in a clause what does not", () => {
  expect(parseStored(schema, { model: { name: "a" } })).toEqual({ model: { name: "a" } });
  expect(() => parseStored(schema, { model: {} })).toThrow(/^model\.name: missing; expected a text$/);
  expect(() => parseStored(schema, [])).toThrow(/^a list; expected an object$/);
});
