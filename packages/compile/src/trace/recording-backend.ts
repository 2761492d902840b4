import { UnsupportedError } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";
import { tfjsType } from "../graph/element-types";
import type { ElementArray, Value } from "../graph/graph";
import { activeRecording } from "./recording";

/** A backend whose tensors are values of a graph: they have a type and a shape, and no numbers. */
class RecordingBackend extends tf.KernelBackend {
  readonly #owned = new Set<object>();

  own(dataId: object): void {
    this.#owned.add(dataId);
  }

  /** Numbers that the function itself brings along are constants. */
  override write(values: tf.BackendValues | null, shape: number[], dtype: tf.DataType): object {
    const { builder, values: recorded } = activeRecording();
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

export const recordingBackend = new RecordingBackend();

/** A new tensor that stands for a value of the graph in progress. */
export function tensorOf(value: Value): tf.Tensor {
  const { dataId, shape, dtype } = tensorInfoOf(value);
  return tf.engine().makeTensorFromTensorInfo({ dataId, shape, dtype });
}

/** tfjs's description of a new tensor that stands for a value of the graph in progress. */
export function tensorInfoOf(value: Value): tf.TensorInfo {
  const dataId = {};
  activeRecording().values.set(dataId, value);
  recordingBackend.own(dataId);
  return { dataId, shape: [...value.shape], dtype: tfjsType(value.type) };
}

function unreadable(): never {
  throw new UnsupportedError(
    "a traced function reads the numbers of a tensor (data, dataSync, array or print), which do not exist before it runs; compute with tensors throughout, or run it eagerly",
  );
}

function elementsOf(values: tf.BackendValues, dtype: tf.DataType): ElementArray {
  if (dtype === "string" || dtype === "complex64") {
    throw new UnsupportedError(`tensors of type ${dtype} cannot be traced; expected float32, int32 or bool`);
  }
  if (dtype === "int32") return Int32Array.from<unknown>(values, Number);
  if (dtype === "bool") return Uint8Array.from<unknown>(values, Number);
  return Float32Array.from<unknown>(values, Number);
}
