import { parseOptions } from "@dmrec/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { integer, list, number, numbersOf, positiveInteger } from "./list";

const flags = z.object({
  seeds: list(integer),
  beta: numbersOf(z.enum(["base", "mddm"]), number.pipe(z.number().nonnegative())),
  epochs: positiveInteger,
});
const parse = (changed: Partial<z.input<typeof flags>>) =>
  parseOptions("test", flags, { seeds: "1", beta: "base=1", epochs: "1", ...changed });

describe("lists of a command line", () => {
  it("are words with commas between them, each once", () => {
    expect(parse({ seeds: "6, 6,7,06" }).seeds).toEqual([6, 7]);
    expect(parse({ beta: "base=0.5, mddm = 0" }).beta).toEqual({ base: 0.5, mddm: 0 });
  });

  it.each(["5,", ",5", "", "5,,6"])("refuse the empty word of %j instead of taking it for 0", (seeds) => {
    expect(() => parse({ seeds })).toThrow(/seeds: ".*" has an empty word; expected words with commas/);
  });

  it.each([
    [{ seeds: "5,x" }, /seeds\.1: expected a number/],
    [{ seeds: "5,-1" }, /seeds\.1: /],
    [{ beta: "mddm=" }, /beta: "mddm=": expected NAME=NUMBER/],
    [{ beta: "mddm" }, /beta: "mddm": expected NAME=NUMBER/],
    [{ beta: "base=1," }, /empty word/],
    [{ beta: "base=1,base=2" }, /beta: "base=2": .*each name once/],
    [{ beta: "best=1" }, /beta: "best=1": .*"base"\|"mddm"/],
    [{ beta: "base=-1" }, /beta: "base=-1": .*>=0/],
    [{ epochs: "" }, /epochs: expected a number/],
    [{ epochs: "0" }, /epochs: 0; expected a number above 0/],
  ])("refuse %j by name", (changed, message) => {
    expect(() => parse(changed)).toThrow(message);
  });
});
