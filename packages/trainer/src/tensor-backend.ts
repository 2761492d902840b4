import { DMRecError } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import type { EngineReport } from "./engine";
import { withoutNewFailureListeners } from "./process-listeners";
import { speedUpWasmKernels } from "./wasm-kernels";

/** The tfjs backends that a run can ask for; `auto` takes the first of them that loads. */
export const backendNames = ["auto", "node-gpu", "node", "wasm", "cpu"] as const;
export type BackendName = (typeof backendNames)[number];

interface BackendCandidate {
  readonly name: Exclude<BackendName, "auto">;
  /** The name under which tfjs knows it. */
  readonly tfjsName: string;
  readonly load: () => Promise<unknown>;
}

let wasmPrepared = false;

/** In order of preference. The first two are optional peers: they are imported by name where a user has installed them. */
const candidates: readonly BackendCandidate[] = [
  { name: "node-gpu", tfjsName: "tensorflow", load: () => importOptional("@tensorflow/tfjs-node-gpu") },
  { name: "node", tfjsName: "tensorflow", load: () => importOptional("@tensorflow/tfjs-node") },
  {
    name: "wasm",
    tfjsName: "wasm",
    load: async () => {
      await import("@tensorflow/tfjs-backend-wasm");
      if (!wasmPrepared) speedUpWasmKernels();
      wasmPrepared = true;
    },
  },
  { name: "cpu", tfjsName: "cpu", load: () => import("@tensorflow/tfjs-backend-cpu") },
];

/**
 * Loads a tfjs backend and makes it the current one.
 *
 * @throws DMRecError (`unsupported`) where the backend asked for does not load, with what each attempt said.
 */
export async function selectBackend(wanted: BackendName): Promise<EngineReport> {
  const failures: string[] = [];
  await import("./register-gradients");
  // Else tfjs greets every process and recommends its own Node backend.
  tf.enableProdMode();
  for (const { name, tfjsName, load } of candidates) {
    if (wanted !== "auto" && wanted !== name) continue;
    try {
      const started = await withoutNewFailureListeners(async () => {
        await load();
        return tf.setBackend(tfjsName);
      });
      if (!started) throw new Error(`tfjs could not start its backend "${tfjsName}"`);
      const reason =
        wanted === "auto" ? (failures.length === 0 ? "the fastest" : failures.join("; ")) : "asked for";
      return { name: "eager", backend: name, reason };
    } catch (error) {
      failures.push(`${name}: ${firstLine(error)}`);
    }
  }
  throw new DMRecError(
    "unsupported",
    `no tensor backend could be started for "${wanted}" (${failures.join("; ")})`,
  );
}

/** An import whose target a bundler does not look for. */
async function importOptional(packageName: string): Promise<unknown> {
  return import(packageName);
}

function firstLine(error: unknown): string {
  const { code, message } =
    error instanceof Error ? { code: Reflect.get(error, "code"), message: error.message } : {};
  if (code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND") return "not installed";
  return (message ?? String(error)).split("\n")[0];
}
