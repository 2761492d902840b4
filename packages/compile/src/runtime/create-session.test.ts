import { UnsupportedError } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { compile, describeRuntime } from "../index";
import { CInterface } from "./native/c-interface";

beforeAll(() => tf.setBackend("cpu"));
afterEach(() => vi.restoreAllMocks());

it("warns once and runs graphs through onnxruntime-node if the C interface is refused", async () => {
  const refusal = new UnsupportedError("the library is ONNX Runtime 1.99.0; expected 1.30");
  const load = vi.spyOn(CInterface, "load").mockRejectedValue(refusal);
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  expect((await describeRuntime({ threads: 1 })).runner).toBe("binding");
  const compiled = await compile(({ x }) => ({ y: tf.square(x) }), { x: { shape: [2] } });
  expect(compiled.runner).toBe("binding");
  expect([...(await compiled.run({ x: Float32Array.of(2, 3) })).y]).toEqual([4, 9]);
  await compiled.release();
  expect(load).toHaveBeenCalledOnce();
  expect(warn.mock.calls).toEqual([
    [
      "ONNX Runtime's C interface does not load (the library is ONNX Runtime 1.99.0; expected 1.30); onnxruntime-node runs graphs instead, with more memory and time",
      "DMRecWarning",
    ],
  ]);
});
