import { causeMessage, loadOnnxRuntime } from "@dmrec/core";
import { BindingSession } from "./binding/binding-session";
import { CInterface } from "./native/c-interface";
import { NativeSession } from "./native/native-session";
import type { Session } from "./session";
import type { SessionSettings } from "./session-options";

let native: Promise<CInterface | undefined> | undefined;

/**
 * Makes ONNX Runtime ready to run a model: through its C interface on the CPU, through onnxruntime-node elsewhere and if
 * the C interface does not load.
 *
 * @param kept The names of outputs that stay on the device.
 * @throws UnsupportedError if ONNX Runtime or the execution provider asked for does not load.
 */
export async function createSession(
  model: Uint8Array,
  settings: SessionSettings,
  kept: readonly string[] = [],
): Promise<Session> {
  const runtime = settings.executionProvider === "cpu" ? await loadNative() : undefined;
  if (runtime) return new NativeSession(runtime, model, settings);
  return BindingSession.create(await loadOnnxRuntime(), model, settings, kept);
}

/** Both libraries are loaded when they are first needed: neither exists for every platform. */
function loadNative(): Promise<CInterface | undefined> {
  native ??= CInterface.load().catch((cause: unknown) => {
    process.emitWarning(
      `ONNX Runtime's C interface does not load (${causeMessage(cause)}); onnxruntime-node runs graphs instead, with more memory and time`,
      "DMRecWarning",
    );
    return undefined;
  });
  return native;
}
