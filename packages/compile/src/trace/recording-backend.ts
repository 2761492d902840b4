import { UnsupportedError } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { elementType } from "../graph/element-types";
import type { ElementArray, Value } from "../graph/graph";
import type { GraphBuilder } from "../graph/graph-builder";
import { kernels } from "../kernels";
import { KernelAttributes } from "../kernels/kernel";
import { UnmappedKernelError } from "../kernels/unmapped-kernel-error";

const backendName = "dmrec-recorder";

/** A recording in progress; tfjs computes synchronously, so there is one at a time. */
let recording: { readonly builder: GraphBuilder; readonly values: WeakMap<object, Value> } | undefined;

/**
 * Runs a function of tfjs operations that are written down instead of computed.
 *
 * @throws UnmappedKernelError
 */
export function record<Result>(builder: GraphBuilder, run: () => Result): Result {
  if (recording) throw new UnsupportedError("a function cannot be traced while another is traced");
  registerOnce();
  const before = tf.getBackend();
  recording = { builder, values: new WeakMap() };
  tf.engine().startScope();
  try {
    // It is done when it returns: the backend needs no start-up.
    void tf.setBackend(backendName);
    return run();
  } finally {
    tf.engine().endScope();
    recording = undefined;
    if (before) void tf.setBackend(before);
  }
}

/** A new tensor that stands for a value of the graph in progress. */
export function tensorOf(value: Value): tf.Tensor {
  const { dataId, shape, dtype } = tensorInfo(value);
  return tf.engine().makeTensorFromTensorInfo({ dataId, shape, dtype });
}

/** The value of a tensor in the graph in progress; a tensor of another backend becomes one that it captures. */
export function recordedValue({ dataId, shape, dtype }: tf.TensorInfo): Value {
  const { builder, values } = active();
  const known = values.get(dataId);
  if (known) return known;
  const captured = builder.capture(dataId, { type: elementType(dtype), shape });
  values.set(dataId, captured);
  return captured;
}

function active(): NonNullable<typeof recording> {
  if (!recording) {
    throw new UnsupportedError("a tensor of a traced function was used after the trace had ended");
  }
  return recording;
}

function tensorInfo(value: Value): tf.TensorInfo {
  const dataId = {};
  active().values.set(dataId, value);
  backend.own(dataId);
  return { dataId, shape: [...value.shape], dtype: value.type === "int64" ? "int32" : value.type };
}

/** A backend whose tensors are values of a graph: they have a type and a shape, and no numbers. */
class RecordingBackend extends tf.KernelBackend {
  readonly #owned = new Set<object>();

  own(dataId: object): void {
    this.#owned.add(dataId);
  }

  /** Numbers that the function itself brings along are constants. */
  override write(values: tf.BackendValues | null, shape: number[], dtype: tf.DataType): object {
    const { builder, values: recorded } = active();
    const dataId = {};
    // tfjs makes a tensor without numbers for a result that a kernel fills in.
    if (values) recorded.set(dataId, builder.constant(elementsOf(values, dtype), shape));
    this.own(dataId);
    return dataId;
  }

  override readSync(): never {
    return unreadable();
  }

  override async read(): Promise<never> {
    return unreadable();
  }

  override refCount(dataId: object): number {
    return this.#owned.has(dataId) ? 1 : 0;
  }

  override incRef(): void {}

  override disposeData(dataId: object): boolean {
    this.#owned.delete(dataId);
    return true;
  }

  override numDataIds(): number {
    return this.#owned.size;
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override timerAvailable(): boolean {
    return false;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }

  override dispose(): void {
    this.#owned.clear();
  }
}

const backend = new RecordingBackend();

function unreadable(): never {
  throw new UnsupportedError(
    "a traced function reads the numbers of a tensor (data, dataSync, array or print), which do not exist before it runs; compute with tensors throughout, or run it eagerly",
  );
}

let registered = false;

function registerOnce(): void {
  if (registered) return;
  registered = true;
  tf.registerBackend(backendName, () => backend, 0);
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
        const result = kernel(active().builder, Object.fromEntries(given), new KernelAttributes(attrs));
        return Array.isArray(result) ? result.map(tensorInfo) : tensorInfo(result);
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

function elementsOf(values: tf.BackendValues, dtype: tf.DataType): ElementArray {
  if (dtype === "string" || dtype === "complex64") {
    throw new UnsupportedError(`tensors of type ${dtype} cannot be traced; expected float32, int32 or bool`);
  }
  const numbers = Array.from(values as ArrayLike<number>, Number);
  if (dtype === "int32") return Int32Array.from(numbers);
  return dtype === "bool" ? Uint8Array.from(numbers) : Float32Array.from(numbers);
}
