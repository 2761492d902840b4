import { availableParallelism } from "node:os";
import { invalidOption } from "@dmrec/core";
import { z } from "zod";

/** The providers of ONNX Runtime that can run a graph. */
export const executionProviders = ["cpu", "webgpu", "cuda"] as const;

/** Options of everything that runs a graph. */
export interface SessionOptions {
  /** Threads that one operation may use. @default `DMREC_THREADS` of the environment, or as many as the process may run at once */
  readonly threads?: number | undefined;
  /** The ONNX Runtime provider that runs the graph. @default "cpu" */
  readonly executionProvider?: (typeof executionProviders)[number] | undefined;
  /** Writes the time of every operation to a file with this prefix when the function is released. @default no file */
  readonly profilingPrefix?: string | undefined;
}

/** The schema of {@link SessionOptions}, with their defaults. */
export const sessionSchema = z.strictObject({
  threads: z.int().positive().default(availableThreads),
  executionProvider: z.enum(executionProviders).default("cpu"),
  profilingPrefix: z.string().nonempty().optional(),
});

export type SessionSettings = z.output<typeof sessionSchema>;

/**
 * The threads that this process may use: `DMREC_THREADS` of the environment, or as many as it may run at once. A process does not
 * see that it shares its cores with others, as in a container with a limit: its environment may say so.
 *
 * @throws InvalidOptionsError if `DMREC_THREADS` is no positive whole number.
 */
export function availableThreads(): number {
  const given = process.env.DMREC_THREADS;
  if (!given) return availableParallelism();
  const threads = Number(given);
  if (Number.isInteger(threads) && threads > 0) return threads;
  throw invalidOption("DMREC_THREADS", `expected a positive whole number, not ${given}`);
}
