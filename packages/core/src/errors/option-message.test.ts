import { expect, it } from "vitest";
import { z } from "zod";
import { parseOptions } from "./invalid-options-error";

const schema = z.strictObject({
  width: z.int().positive().optional(),
  rate: z.number().min(0).lt(1).optional(),
  kind: z.enum(["a", "b"]).optional(),
  only: z.literal(3).optional(),
  names: z.array(z.string()).min(2).optional(),
  text: z.string().max(3).optional(),
  isOn: z.boolean().optional(),
  inner: z.object({ seed: z.number() }).optional(),
  own: z.number({ error: "expected a number of its own" }).optional(),
  union: z.union([z.string(), z.number()]).optional(),
  outcome: z
    .discriminatedUnion("kind", [z.object({ kind: z.literal("a") }), z.object({ kind: z.literal("b") })])
    .optional(),
  custom: z.custom<number>((value) => value === undefined || value === 1).optional(),
});

it.each([
  [{ union: true }, "union: true; expected a text or a number"],
  [{ outcome: { kind: "c" } }, 'outcome.kind: "c"; expected one of "a", "b"'],
  [{ custom: 2 }, "custom: 2; expected another value"],
  [{ width: 0 }, "width: 0; expected a number above 0"],
  [{ width: 1.5 }, "width: 1.5; expected a whole number"],
  [{ width: "8" }, 'width: "8"; expected a number'],
  [{ width: null }, "width: null; expected a number"],
  [{ width: Number.NaN }, "width: NaN; expected a number"],
  [{ rate: 1 }, "rate: 1; expected a number below 1"],
  [{ rate: -1 }, "rate: -1; expected a number from 0 up"],
  [{ kind: "c" }, 'kind: "c"; expected one of "a", "b"'],
  [{ only: 4 }, "only: 4; expected 3"],
  [{ names: ["x"] }, "names: a list; expected a list whose number of entries is from 2 up"],
  [{ names: "x" }, 'names: "x"; expected a list'],
  [{ text: "long" }, 'text: "long"; expected a text whose number of characters is up to 3'],
  [{ isOn: 1 }, "isOn: 1; expected true or false"],
  [{ inner: [] }, "inner: a list; expected an object"],
  [{ inner: {} }, "inner.seed: missing; expected a number"],
  [{ own: {} }, "own: expected a number of its own"],
  [
    { more: 1 },
    'unknown option "more"; expected one of width, rate, kind, only, names, text, isOn, inner, own',
  ],
])("%j is refused with a sentence", (options, message) => {
  // A caller without types.
  const parse = () => parseOptions("model", schema, Object(options));
  expect(parse).toThrow(`model: ${message}`);
});
