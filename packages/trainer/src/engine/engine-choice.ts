import { type executionProviders, sessionSchema } from "@dmrec/compile";
import { parseOptions } from "@dmrec/core";
import { z } from "zod";
import { type BackendName, backendNames } from "./eager/tensor-backend";

export type ExecutionProvider = (typeof executionProviders)[number];

export interface CompiledEngineOptions {
  /** Threads that one operation may use. @default `DMREC_THREADS` of the environment, or as many as the process may run at once */
  readonly threads?: number | undefined;
  /** The ONNX Runtime provider that runs the graphs. @default "cpu" */
  readonly executionProvider?: ExecutionProvider | undefined;
  /** Writes the time of every operation to files with this prefix. @default no files */
  readonly profilingPrefix?: string | undefined;
}

export interface EagerEngineOptions {
  /** The tfjs backend; `auto` takes the fastest one that is installed. @default "auto" */
  readonly backend?: BackendName | undefined;
}

/** The engine that a trainer starts; see {@link automatic}, {@link compiled} and {@link eager}. */
export type EngineChoice =
  | { readonly kind: "automatic" | "compiled"; readonly options: CompiledEngineOptions }
  | { readonly kind: "eager"; readonly options: EagerEngineOptions };

const eagerSchema = z.strictObject({ backend: z.enum(backendNames).optional() });

/** The schema of {@link EngineChoice}. */
export const engineSchema = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({ kind: z.enum(["automatic", "compiled"]), options: sessionSchema }),
    z.strictObject({ kind: z.literal("eager"), options: eagerSchema }),
  ],
  "expected automatic(), compiled() or eager()",
);

/**
 * Compiles training steps and runs them in ONNX Runtime. Models that cannot be compiled run eagerly.
 *
 * @throws InvalidOptionsError
 */
export function automatic(options: Omit<CompiledEngineOptions, "executionProvider"> = {}): EngineChoice {
  parseOptions("automatic", sessionSchema, options);
  return { kind: "automatic", options };
}

/**
 * Compiles training steps and runs them in ONNX Runtime. A model that cannot be compiled is an error.
 *
 * @throws InvalidOptionsError
 * @example
 * await createTrainer({ engine: compiled({ threads: 4 }) });
 */
export function compiled(options: CompiledEngineOptions = {}): EngineChoice {
  parseOptions("compiled", sessionSchema, options);
  return { kind: "compiled", options };
}

/**
 * Runs training steps operation by operation through TensorFlow.js.
 *
 * @throws InvalidOptionsError
 * @example
 * await createTrainer({ engine: eager({ backend: "node-gpu" }) });
 */
export function eager(options: EagerEngineOptions = {}): EngineChoice {
  parseOptions("eager", eagerSchema, options);
  return { kind: "eager", options };
}
