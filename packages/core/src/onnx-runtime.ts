import type { InferenceSession, TensorConstructor } from "onnxruntime-common";
import { causeMessage } from "./errors/dmrec-error";
import { UnsupportedError } from "./errors/unsupported-error";

/** The part of ONNX Runtime that this project uses. Both onnxruntime-node and onnxruntime-web have it. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(model: Uint8Array, options?: InferenceSession.SessionOptions): Promise<InferenceSession>;
    /** In Node.js: reads the model from a file. */
    create(file: string, options?: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: TensorConstructor;
}

let loaded: Promise<OnnxRuntime> | undefined;

/**
 * Loads onnxruntime-node at the first call. It is an optional peer and does not exist for every platform.
 *
 * @throws UnsupportedError if it is not installed or does not load.
 */
export function loadOnnxRuntime(): Promise<OnnxRuntime> {
  loaded ??= import("onnxruntime-node").catch((cause: unknown) => {
    throw new UnsupportedError(
      `onnxruntime-node does not load (${causeMessage(cause)}); install it (set ONNXRUNTIME_NODE_INSTALL=skip if its script cannot download: the CPU needs nothing more), or pass onnxruntime-web as the runtime if the function takes one`,
      { cause },
    );
  });
  return loaded;
}
