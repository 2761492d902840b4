import { causeMessage, UnsupportedError } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { startBackend } from "../backend-starts";
import { withoutNewFailureListeners } from "./process-listeners";
import { addMissingWasmKernels, speedUpWasmKernels } from "./wasm-kernels";

/** The tfjs backends. `auto` takes the first of them that loads. */
export const backendNames = ["auto", "node-gpu", "node", "wasm", "cpu"] as const;
export type BackendName = (typeof backendNames)[number];

interface BackendCandidate {
  readonly name: Exclude<BackendName, "auto">;
  /** The name under which tfjs knows it. */
  readonly tfjsName: string;
  readonly load: () => Promise<unknown>;
}

let wasmPrepared = false;

/** In order of preference. The first two are optional peers, imported by name if they are installed. */
const candidates: readonly BackendCandidate[] = [
  { name: "node-gpu", tfjsName: "tensorflow", load: () => importOptional("@tensorflow/tfjs-node-gpu") },
  { name: "node", tfjsName: "tensorflow", load: () => importOptional("@tensorflow/tfjs-node") },
  {
    name: "wasm",
    tfjsName: "wasm",
    load: async () => {
      await import("@tensorflow/tfjs-backend-wasm");
      if (wasmPrepared) return;
      wasmPrepared = true;
      speedUpWasmKernels();
      addMissingWasmKernels();
    },
  },
  { name: "cpu", tfjsName: "cpu", load: () => import("@tensorflow/tfjs-backend-cpu") },
];

/** A backend that is registered with tfjs and starts. */
export interface LoadedBackend {
  readonly name: Exclude<BackendName, "auto">;
  /** The name under which tfjs knows it. */
  readonly tfjsName: string;
  /** Why this one was chosen. */
  readonly reason: string;
}

/**
 * Loads a tfjs backend and makes it the current one.
 *
 * @throws UnsupportedError if the requested backend does not load, with the message of each attempt.
 */
export async function loadBackend(requested: BackendName): Promise<LoadedBackend> {
  const failures: string[] = [];
  await import("./register-gradients");
  // Without this, tfjs greets every process and recommends its own Node backend.
  tf.enableProdMode();
  for (const { name, tfjsName, load } of candidates) {
    if (requested !== "auto" && requested !== name) continue;
    try {
      const started = await withoutNewFailureListeners(async () => {
        await load();
        return startBackend(tfjsName);
      });
      if (!started) throw new Error(`tfjs could not start its backend "${tfjsName}"`);
      const automatic = failures.length === 0 ? "the fastest" : failures.join("; ");
      return { name, tfjsName, reason: requested === "auto" ? automatic : "requested" };
    } catch (error) {
      failures.push(`${name}: ${describeFailure(error)}`);
    }
  }
  throw new UnsupportedError(
    `no tensor backend could be started for "${requested}" (${failures.join("; ")})`,
  );
}

/** Makes a loaded backend the current one again: tfjs has one for the whole process. */
export async function activateBackend({ tfjsName }: LoadedBackend): Promise<void> {
  if (tf.getBackend() !== tfjsName) await startBackend(tfjsName);
}

/** Imports a package that a bundler must not look for. */
async function importOptional(packageName: string): Promise<unknown> {
  return import(packageName);
}

function describeFailure(error: unknown): string {
  const code = error instanceof Error ? Reflect.get(error, "code") : undefined;
  return code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND"
    ? "not installed"
    : causeMessage(error);
}
