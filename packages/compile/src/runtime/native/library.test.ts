import { UnsupportedError } from "@dmrec/core";
import { expect, it } from "vitest";
import { checkedVersion } from "./function-table";
import { assertCheckedVersion, loadLibrary } from "./library";

it("accepts every patch of the version that the function table was checked with", () => {
  for (const patch of ["0", "7", "12"])
    expect(() => assertCheckedVersion(`${checkedVersion}.${patch}`)).not.toThrow();
});

it.each(["1.31.0", "1.29.2", "1.3.0", "2.30.0", "1.300.0", ""])("refuses version %j", (version) => {
  expect(() => assertCheckedVersion(version)).toThrow(UnsupportedError);
  expect(() => assertCheckedVersion(version)).toThrow(`ONNX Runtime ${version}; expected ${checkedVersion}`);
});

it("loads the library that onnxruntime-node ships", async () => {
  const { call } = await loadLibrary();
  expect(call.createEnv).toBeTypeOf("function");
});
