import { InvalidDataError, UnsupportedError } from "@dmrec/core";
import { expect, it } from "vitest";
import { UnmappedKernelError } from "./unmapped-kernel-error";

it("is recognised by its own class and by the class of everything unsupported", () => {
  const error: unknown = new UnmappedKernelError("FFT");
  expect(UnsupportedError.isInstance(error)).toBe(true);
  expect(UnmappedKernelError.isInstance(error)).toBe(true);
  expect(UnmappedKernelError.isInstance(error) && error.kernelName).toBe("FFT");
});

it("is not recognised in another error", () => {
  const invalid = new InvalidDataError({ source: "x", actual: "1", expected: "2" });
  for (const other of [new UnsupportedError("no GPU"), invalid, new Error("FFT"), undefined])
    expect(UnmappedKernelError.isInstance(other)).toBe(false);
});
