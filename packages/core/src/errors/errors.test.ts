import { describe, expect, it } from "vitest";
import { z } from "zod";
import { DMRecError } from "./dmrec-error";
import { FileError } from "./file-error";
import { InvalidDataError } from "./invalid-data-error";
import { InvalidOptionsError, invalidOption, parseOptions } from "./invalid-options-error";
import { NonFiniteLossError } from "./non-finite-loss-error";
import { checkOptions } from "./option-issue";
import { inMegabytes, OutOfMemoryError } from "./out-of-memory-error";
import { RuntimeError } from "./runtime-error";
import { assertShape, ShapeMismatchError } from "./shape-mismatch-error";
import { UnsupportedError } from "./unsupported-error";

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

  it("are recognised by marker and code, those of a second copy of the package too", () => {
    const foreign = Object.assign(new Error("from another copy"), { code: "file", file: "weights" });
    Object.defineProperty(foreign, Symbol.for("dmrec.error"), { value: true });
    expect(DMRecError.isInstance(foreign)).toBe(true);
    expect(FileError.isInstance(foreign) && foreign.file).toBe("weights");
    expect(InvalidDataError.isInstance(foreign)).toBe(false);
    expect(DMRecError.isInstance(new Error("plain"))).toBe(false);
    expect(DMRecError.isInstance(null)).toBe(false);
  });

  it.each([
    [InvalidDataError, new InvalidDataError({ source: "a", actual: "b", expected: "c" })],
    [InvalidOptionsError, invalidOption("model.seed", "expected an integer")],
    [ShapeMismatchError, new ShapeMismatchError("x", [1], [2])],
    [NonFiniteLossError, new NonFiniteLossError(1, "x", Number.NaN)],
    [FileError, new FileError("weights", "is damaged")],
    [OutOfMemoryError, new OutOfMemoryError("asked for too much", { bytes: 7 })],
    [RuntimeError, new RuntimeError("stopped")],
    [UnsupportedError, new UnsupportedError("no such engine")],
  ])("of class %o are instances of their own class and the base class only", (own, error) => {
    expect(DMRecError.isInstance(error)).toBe(true);
    const classes = [
      InvalidDataError,
      InvalidOptionsError,
      ShapeMismatchError,
      NonFiniteLossError,
      FileError,
      OutOfMemoryError,
      RuntimeError,
      UnsupportedError,
    ];
    expect(classes.filter((each) => each.isInstance(error))).toEqual([own]);
    expect(error.name).toBe(own.name);
  });

  it("name bytes in megabytes", () => {
    expect([4e5, 1_440_500_000].map(inMegabytes)).toEqual(["0.4 MB", "1,440.5 MB"]);
  });

  it("name the function and the option that is wrong", () => {
    expect(invalidOption("lDiffRec.clusters", "expected fewer").message).toBe(
      "lDiffRec: clusters: expected fewer",
    );
  });

  it("name every option that does not fit", () => {
    const schema = z.strictObject({ dropout: z.number().max(1), seed: z.int() });
    const parse = () => parseOptions("model", schema, { dropout: 2, seed: 0.5 });
    expect(parse).toThrow(InvalidOptionsError);
    expect(parse).toThrow(/^model: dropout: .*; seed: /);
  });

  it("mark an option that is unknown, for programs", () => {
    const schema = z.strictObject({ seed: z.int() });
    const refused = checkOptions(schema, { seed: 0.5, more: 1 });
    expect(refused).toEqual({
      success: false,
      issues: [
        { path: "seed", message: "0.5; expected a whole number" },
        { path: "", message: 'unknown option "more"; expected one of seed', code: "unknown-option" },
      ],
    });
    expect(checkOptions(schema, { seed: 1 })).toEqual({ success: true, data: { seed: 1 } });
  });

  it("carry both shapes", () => {
    expect(() => assertShape("the mean", [2, 3], [2, 4])).toThrow(ShapeMismatchError);
    expect(() => assertShape("the mean", [2, 3], [2, 4])).toThrow(
      "the mean has shape [2, 3]; expected [2, 4]",
    );
    expect(() => assertShape("the mean", [2, 3], [2, 3])).not.toThrow();
  });
});
