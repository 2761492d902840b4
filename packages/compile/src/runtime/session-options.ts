import { availableParallelism } from "node:os";
import { z } from "zod";

export const executionProviders = ["cpu", "webgpu", "cuda"] as const;

export const sessionSchema = z.strictObject({
  /** Threads that one operation may use; by default as many as the process may run at once. */
  threads: z
    .int()
    .positive()
    .default(() => availableParallelism()),
  /** The ONNX Runtime provider that runs the graph. */
  executionProvider: z.enum(executionProviders).default("cpu"),
  /** Writes the time of every operation of every run to a file of this prefix, when the function is released. */
  profilingPrefix: z.string().nonempty().optional(),
});

export type SessionOptions = z.input<typeof sessionSchema>;
export type SessionSettings = z.output<typeof sessionSchema>;
