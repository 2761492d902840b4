export { compile, describeRuntime, type InputDescription, type RuntimeDescription } from "./compile";
export { CompiledFunction } from "./compiled-function";
export { type ExportOptions, exportModel } from "./export-model";
export type { Attribute, ElementArray, ElementType, Graph, GraphNode, Value } from "./graph";
export { kernels } from "./kernels";
export type { ModelOptions } from "./onnx-model";
export { executionProviders, type SessionOptions, sessionSchema } from "./runtime/session-options";
export { type Count, type Recorder, trace } from "./trace";
export { UnmappedKernelError } from "./unmapped-kernel-error";
