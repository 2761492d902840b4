export { compile, describeRuntime, type InputDescription, type RuntimeDescription } from "./compile";
export { CompiledFunction, type Residence } from "./compiled-function";
export type { Attribute, ElementArray, ElementType, Graph, GraphNode, Value } from "./graph/graph";
export { kernels } from "./kernels";
export { UnmappedKernelError } from "./kernels/unmapped-kernel-error";
export { createMemory } from "./memory/create-memory";
export type { Memory, StoredArray } from "./memory/memory";
export { type ExportOptions, exportModel } from "./onnx/export-model";
export type { ModelOptions } from "./onnx/onnx-model";
export {
  availableThreads,
  executionProviders,
  type SessionOptions,
  sessionSchema,
} from "./runtime/session-options";
export { type Traffic, trafficChannel } from "./runtime/traffic";
export { type Count, type Recorder, trace } from "./trace/trace";
