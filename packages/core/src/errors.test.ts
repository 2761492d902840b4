import { describe, expect, it } from "vitest";
import { z } from "zod";
import { DMRecError } from "./error";
import { InvalidDataError } from "./invalid-data-error";
import { NonFiniteLossError } from "./non-finite-loss-error";
import { InvalidOptionsError, parseOptions } from "./options";
import { assertShape, ShapeMismatchError } from "./shape-mismatch-error";

describe("errors", () => {
  it("say where, what and what was expected", () => {
    const error = new InvalidDataError({
      source: "train.txt",
      location: "line 3",
      actual: '"x" is no item index',
      expected: "an integer",
    });
    expect(error.message).toBe('train.txt, line 3: "x" is no item index; expected an integer');
    expect(new NonFiniteLossError(7, "matching", Number.NaN).message).toContain(
      '"matching" is NaN at step 7',
    );
  });

  it("are recognised by marker and kind, those of a second copy of the package too", () => {
    const foreign = Object.assign(new Error("from another copy"), { kind: "checkpoint" });
    Object.defineProperty(foreign, Symbol.for("dmrec.error"), { value: true });
    expect(DMRecError.isInstance(foreign)).toBe(true);
    expect(DMRecError.isInstance(foreign, "checkpoint")).toBe(true);
    expect(DMRecError.isInstance(foreign, "invalid-data")).toBe(false);
    expect(DMRecError.isInstance(new Error("plain"))).toBe(false);
    expect(DMRecError.isInstance(null)).toBe(false);
  });

  it("name every option that does not fit", () => {
    const schema = z.strictObject({ dropout: z.number().max(1), seed: z.int() });
    const parse = () => parseOptions("model", schema, { dropout: 2, seed: 0.5 });
    expect(parse).toThrow(InvalidOptionsError);
    expect(parse).toThrow(/^model: dropout: .*; seed: /);
  });

  it("carry both shapes", () => {
    expect(() => assertShape("the mean", [2, 3], [2, 4])).toThrow(ShapeMismatchError);
    expect(() => assertShape("the mean", [2, 3], [2, 4])).toThrow(
      "the mean has shape [2, 3]; expected [2, 4]",
    );
    expect(() => assertShape("the mean", [2, 3], [2, 3])).not.toThrow();
  });
});
