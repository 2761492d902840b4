import { describeRuntime, type RuntimeDescription } from "@dmrec/compile";
import { type EngineReport, UnsupportedError } from "@dmrec/core";
import { compiledEngine } from "./compiled/compiled-session";
import { eagerEngine } from "./eager/eager-engine";
import { loadBackend } from "./eager/tensor-backend";
import type { Engine } from "./engine";
import type { CompiledEngineOptions, EngineChoice } from "./engine-choice";
import { FallbackSession } from "./fallback-session";

/**
 * Starts the chosen engine. The automatic choice compiles, and falls back to the eager engine if ONNX Runtime does not
 * start or a model cannot be traced.
 *
 * @throws UnsupportedError if the requested engine, backend or execution provider cannot be started.
 */
export async function startEngine(choice: EngineChoice): Promise<Engine> {
  if (choice.kind === "eager") return startEager(choice.options.backend);
  if (choice.kind === "compiled") return startCompiled(choice.options, "requested");
  try {
    return withFallback(await startCompiled(choice.options, "the fastest"));
  } catch (error) {
    return startEagerInstead(error);
  }
}

async function startCompiled(
  { threads, executionProvider = "cpu", profilingPrefix }: CompiledEngineOptions,
  reason: string,
): Promise<Engine> {
  const options = {
    executionProvider,
    ...(threads !== undefined && { threads }),
    ...(profilingPrefix !== undefined && { profilingPrefix }),
  };
  // tfjs traces graphs and holds constants until they are passed on: its plainest backend does that without copies.
  await loadBackend("cpu");
  const runtime = await describeRuntime({
    executionProvider,
    ...(threads !== undefined && { threads }),
  });
  const report = {
    name: "compiled",
    backend: `ONNX Runtime, ${executionProvider}, ${runtime.threads} ${runtime.threads === 1 ? "thread" : "threads"}`,
    reason: `${reason}${slowness(runtime)}`,
  };
  return compiledEngine(report, options);
}

/** The reason for which this engine is slower than it could be, if there is one. */
function slowness({ executionProvider, runner, memory, memoryReason }: RuntimeDescription): string {
  if (executionProvider === "cpu")
    return runner === "binding" ? ", through onnxruntime-node, as its library cannot be called directly" : "";
  return memory === "host"
    ? `, with all arrays crossing to the card and back in each step, because it keeps none: ${memoryReason}`
    : "";
}

async function startEager(backend: Parameters<typeof loadBackend>[0] = "auto"): Promise<Engine> {
  const loaded = await loadBackend(backend);
  return eagerEngine({ name: "eager", backend: loaded.name, reason: loaded.reason }, loaded);
}

/** @throws the error itself unless it says that something is not supported. */
async function startEagerInstead(error: unknown): Promise<Engine> {
  if (!UnsupportedError.isInstance(error)) throw error;
  const loaded = await loadBackend("auto");
  const report: EngineReport = {
    name: "eager",
    backend: loaded.name,
    reason: `not compiled: ${error.message}`,
  };
  return eagerEngine(report, loaded);
}

/** Sessions continue eagerly if their model cannot be compiled. */
function withFallback(engine: Engine): Engine {
  return {
    report: engine.report,
    withProduct: (compute) => engine.withProduct(compute),
    open: async (recommender, options) =>
      new FallbackSession(await engine.open(recommender, options), async (error) =>
        (await startEagerInstead(error)).open(recommender, options),
      ),
  };
}
