import * as tf from "@tensorflow/tfjs-core";
import type { GraphBuilder } from "../graph/graph-builder";
import { kernels } from "../kernels";
import { KernelAttributes } from "../kernels/kernel";
import { UnmappedKernelError } from "../kernels/unmapped-kernel-error";
import { activeRecording, recordedValue, withRecording } from "./recording";
import { recordingBackend, tensorInfoOf } from "./recording-backend";

const backendName = "dmrec-recorder";

/**
 * Runs a function of tfjs operations that are written down instead of computed.
 *
 * @throws UnmappedKernelError
 */
export function record<Result>(builder: GraphBuilder, run: () => Result): Result {
  return withRecording(builder, () => {
    registerOnce();
    const before = tf.getBackend();
    tf.engine().startScope();
    try {
      // It is done when it returns: the backend needs no start-up.
      void tf.setBackend(backendName);
      return run();
    } finally {
      tf.engine().endScope();
      if (before) void tf.setBackend(before);
    }
  });
}

let registered = false;

function registerOnce(): void {
  if (registered) return;
  registered = true;
  tf.registerBackend(backendName, () => recordingBackend, 0);
  for (const kernelName of Object.values(kernelNames())) {
    const kernel = kernels[kernelName];
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, attrs }) => {
        if (!kernel) throw new UnmappedKernelError(kernelName);
        const given = Object.entries(inputs).flatMap(([name, info]) =>
          info ? [[name, recordedValue(info)]] : [],
        );
        const result = kernel(
          activeRecording().builder,
          Object.fromEntries(given),
          new KernelAttributes(attrs),
        );
        return Array.isArray(result) ? result.map(tensorInfoOf) : tensorInfoOf(result);
      },
    });
  }
}

/** All kernels that tfjs has; those without a counterpart are registered too, to say so by name. */
function kernelNames(): string[] {
  const names = Object.entries(tf).flatMap(([name, value]) =>
    typeof value === "string" && /^_?[A-Z]/.test(name) ? [value] : [],
  );
  return [...new Set([...names, ...Object.keys(kernels)])];
}
