import { OutOfMemoryError } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { compile } from "../index";
import { outOfMemory } from "./out-of-memory";

beforeAll(() => tf.setBackend("cpu"));

const held = { inputs: 1_500_000, outputs: 4 };

it("names the bytes of a value that a graph has no memory for", async () => {
  // More than the addresses of a process, which no machine promises.
  const size = 8_000_000;
  const compiled = await compile(
    ({ column }) => ({ sum: tf.sum(tf.matMul(tf.matMul(column, column, false, true), column)) }),
    { column: { shape: [size, 1] } },
  );
  const failure: unknown = await compiled.run({ column: new Float32Array(size) }).catch((error) => error);
  await compiled.release();
  if (!OutOfMemoryError.isInstance(failure)) throw failure;
  expect(failure.bytes).toBe(4 * size ** 2);
  expect(failure.message).toMatch(
    /^the operation "Gemm_\d+" \(Gemm\) of a graph asked for 256,000,000 MB \(256000000000000 bytes\) at once, which there is not, beside 32 MB of inputs and 0 MB of outputs$/,
  );
});

it.each([
  new Error("ONNX Runtime: std::bad_alloc"),
  new Error("ONNX Runtime: CUDA failure 2: out of memory"),
  new RangeError("Array buffer allocation failed"),
  new Error("VK_ERROR_OUT_OF_DEVICE_MEMORY"),
])("knows memory failures that do not name the bytes: %s", (cause) => {
  const failure = outOfMemory(cause, held);
  expect(failure?.bytes).toBeUndefined();
  expect(failure?.message).toMatch(/^the run of a graph asked for memory, .*1\.5 MB of inputs/);
});

it.each(["ONNX Runtime: indices element out of data bounds, idx=7", "offset is out of bounds"])(
  "leaves failures of other kinds: %s",
  (message) => {
    expect(outOfMemory(new Error(message), held)).toBeUndefined();
  },
);
