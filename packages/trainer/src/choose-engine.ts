import { describeRuntime } from "@dmrec/compile";
import { DMRecError } from "@dmrec/core";
import { compiledEngine } from "./compiled-engine";
import { eagerEngine } from "./eager-engine";
import type { Engine } from "./engine";
import { selectBackend } from "./tensor-backend";
import type { TrainingSettings } from "./training-options";

type EngineSettings = Pick<
  TrainingSettings,
  "engine" | "backend" | "threads" | "executionProvider" | "profile"
>;

/**
 * The engine that the options ask for. Where nothing is asked for it is the compiled one, which gives way to the eager
 * one where ONNX Runtime does not start or a model cannot be traced.
 *
 * @throws DMRecError (`unsupported`) where what was asked for cannot be started.
 */
export async function chooseEngine(settings: EngineSettings): Promise<Engine> {
  const { engine, backend, executionProvider } = settings;
  // Another execution provider is asked for by name, and is of this engine alone.
  const isAskedFor = engine === "compiled" || (engine === "auto" && executionProvider !== "cpu");
  if (isAskedFor && backend === "auto") return startCompiled(settings, "asked for");
  if (engine === "eager" || backend !== "auto") return eagerEngine(await selectBackend(backend));
  try {
    return withFallback(await startCompiled(settings, "the fastest"));
  } catch (error) {
    return eagerInstead(error);
  }
}

async function startCompiled(
  { threads, executionProvider, profile }: EngineSettings,
  reason: string,
): Promise<Engine> {
  const options = { executionProvider, ...(threads === undefined ? {} : { threads }) };
  // tfjs traces and holds tensors until they are given over: its plainest backend does that without copies.
  await selectBackend("cpu");
  const runtime = await describeRuntime(options);
  const slower = runtime.runner === "binding" && executionProvider === "cpu";
  const report = {
    name: "compiled",
    backend: `ONNX Runtime, ${executionProvider}, ${runtime.threads} threads`,
    reason: slower ? `${reason}, through onnxruntime-node, as its library cannot be called directly` : reason,
  };
  return compiledEngine(report, { ...options, ...(profile === undefined ? {} : { profile }) });
}

/** An engine that becomes the eager one, for good, at the first model that cannot be compiled. */
function withFallback(compiled: Engine): Engine {
  let engine = compiled;
  return {
    get report() {
      return engine.report;
    },
    async open(recommender, options) {
      try {
        return await engine.open(recommender, options);
      } catch (error) {
        if (engine !== compiled) throw error;
        engine = await eagerInstead(error);
        return engine.open(recommender, options);
      }
    },
  };
}

/** @throws the error itself unless it says that something is not supported. */
async function eagerInstead(error: unknown): Promise<Engine> {
  if (!DMRecError.isInstance(error, "unsupported")) throw error;
  const report = await selectBackend("auto");
  return eagerEngine({ ...report, reason: `not compiled: ${error.message}` });
}
