import type { OnnxRuntime } from "@dmrec/core";
import wasm from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";

/** A model that gives its input back, as an ONNX file: the least that ONNX Runtime opens. */
const smallest = Uint8Array.from(
  // ir_version 8; a graph "g" of Identity from "x" to "y", float32 [1]; opset 17
  atob("CAg6NwoQCgF4EgF5IghJZGVudGl0eRIBZ1oPCgF4EgoKCAgBEgQKAggBYg8KAXkSCgoICAESBAoCCAFCAhAR"),
  (character) => character.charCodeAt(0),
);

/**
 * A model opens as it was exported. The optimizer's code has to be compiled in the browser before it runs, which takes about a second
 * of processor time and saves about 20 milliseconds of a run with one row, and nothing of one with four.
 */
const asExported = { graphOptimizationLevel: "disabled" } as const;

/** ONNX Runtime, compiled and started. It starts with its first session, so that this one need not wait for the model. */
export async function startRuntime(): Promise<OnnxRuntime> {
  const runtime = await import("onnxruntime-web/wasm");
  runtime.env.wasm.wasmPaths = { wasm: new URL(wasm, import.meta.url).href };
  // More threads need headers that not every static server sends.
  runtime.env.wasm.numThreads = 1;
  const { InferenceSession, Tensor } = runtime;
  const create = (model: Uint8Array | string) =>
    typeof model === "string"
      ? InferenceSession.create(model, asExported)
      : InferenceSession.create(model, asExported);
  const session = await create(smallest);
  await session.release();
  return { InferenceSession: { create }, Tensor };
}
