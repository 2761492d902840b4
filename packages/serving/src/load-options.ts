import { type OnnxRuntime, parseOptions } from "@dmrec/core";
import { z } from "zod";

export interface LoadOptions {
  /**
   * Threads of a run. A single recommendation is fastest on one. onnxruntime-web takes its threads from
   * `env.wasm.numThreads` instead.
   *
   * @default 1
   */
  readonly threads?: number | undefined;
  /**
   * The library that runs the model: onnxruntime-node or onnxruntime-web. A browser needs it.
   *
   * @default onnxruntime-node
   */
  readonly runtime?: OnnxRuntime | undefined;
}

const runtimeSchema = z.custom<OnnxRuntime>(
  (value) => typeof value === "object" && value !== null && "InferenceSession" in value && "Tensor" in value,
  'expected an ONNX Runtime, such as `import * as runtime from "onnxruntime-web"`',
);

const optionsSchema = z.strictObject({
  threads: z.int().positive().default(1),
  runtime: runtimeSchema.optional(),
});

/** @throws InvalidOptionsError */
export function parseLoadOptions(options: LoadOptions): z.output<typeof optionsSchema> {
  return parseOptions("loadRecommender", optionsSchema, options);
}
