import { parseOptions } from "@dmrec/core";
import { neg, ready, type Tensor } from "@tensorflow/tfjs-core";
import { CompiledFunction } from "./compiled-function";
import { createMemory } from "./memory/create-memory";
import type { Memory } from "./memory/memory";
import { type SessionOptions, type SessionSettings, sessionSchema } from "./runtime/session-options";
import { trace } from "./trace/trace";

/** The shape and the element type of an input. */
export interface InputDescription {
  readonly shape: readonly number[];
  /** The element type. @default "float32" */
  readonly dtype?: "float32" | "int32" | "bool";
}

/**
 * Compiles a function of tensors: traces it through tfjs, and has ONNX Runtime execute the graph.
 *
 * Tensors that the function closes over keep the numbers that they have now.
 *
 * @param inputs The inputs of the function by name.
 * @throws InvalidOptionsError for options that cannot be, or an output with the name of an input.
 * @throws UnmappedKernelError if the function uses a tfjs kernel that has no counterpart in ONNX.
 * @throws UnsupportedError if the function cannot be traced (see {@link trace}), or ONNX Runtime does not start.
 * @example
 * const norm = await compile(({ x }) => ({ length: tf.norm(x) }), { x: { shape: [2] } });
 * const { length } = await norm.run({ x: Float32Array.of(3, 4) }); // Float32Array [ 5 ]
 * await norm.release();
 */
export async function compile<Names extends string>(
  compute: (inputs: Readonly<Record<Names, Tensor>>) => Readonly<Record<string, Tensor>>,
  inputs: Readonly<Record<Names, InputDescription>>,
  options: SessionOptions = {},
): Promise<CompiledFunction> {
  const settings = parseOptions("compile", sessionSchema, options);
  // A backend that is starting would disturb the trace. One that does not start is not needed.
  await ready().catch(() => {});
  const graph = trace((recorder) => {
    // One tensor for each name of `inputs`, which is what the type says.
    const tensors = {} as Record<Names, Tensor>;
    for (const name in inputs)
      tensors[name] = recorder.input(name, [...inputs[name].shape], inputs[name].dtype);
    return compute(tensors);
  });
  return CompiledFunction.create(graph, settings);
}

/** The runtime of compiled functions. */
export interface RuntimeDescription {
  readonly executionProvider: SessionSettings["executionProvider"];
  readonly threads: number;
  /** `native` if ONNX Runtime's own interface is used, `binding` if only onnxruntime-node is there. */
  readonly runner: CompiledFunction["runner"];
  /** The place of the arrays of a memory with these options: see {@link createMemory}. */
  readonly memory: Memory["place"];
  /** Says why the arrays are on the host although the graphs are computed elsewhere. */
  readonly memoryReason?: string | undefined;
}

/**
 * Finds out what would run compiled functions with these options, by running a small one.
 *
 * @throws InvalidOptionsError
 * @throws UnsupportedError if ONNX Runtime or the execution provider does not start.
 * @example
 * const { runner, threads } = await describeRuntime(); // "native", 8
 */
export async function describeRuntime(options: SessionOptions = {}): Promise<RuntimeDescription> {
  const settings = parseOptions("describeRuntime", sessionSchema, options);
  const negation = await compile(({ x }) => ({ y: neg(x) }), { x: { shape: [1] } }, settings);
  await negation.run({ x: Float32Array.of(1) });
  await negation.release();
  const memory = await createMemory(settings);
  await memory.release();
  const { executionProvider, threads } = settings;
  const { place, reason } = memory;
  return { executionProvider, threads, runner: negation.runner, memory: place, memoryReason: reason };
}
