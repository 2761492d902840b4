import { causeMessage, type OnnxRuntime, RuntimeError, UnsupportedError } from "@dmrec/core";
import type { InferenceSession, Tensor } from "onnxruntime-common";
import { sizeOf, type Value } from "../../graph/graph";
import type { DeviceTensor, Feed, Fetch, HostTensor, Session } from "../session";
import type { SessionSettings } from "../session-options";
import { assertProvider } from "./assert-provider";

/**
 * A session of the package onnxruntime-node: for execution providers other than the CPU, and if the native
 * interface cannot be reached.
 */
export class BindingSession implements Session {
  readonly runner = "binding";
  readonly #binding: OnnxRuntime;
  #session: InferenceSession | undefined;

  private constructor(binding: OnnxRuntime, session: InferenceSession) {
    this.#binding = binding;
    this.#session = session;
  }

  /**
   * @param kept The names of outputs that stay on the device.
   * @throws UnsupportedError if the execution provider is not in this build.
   */
  static async create(
    binding: OnnxRuntime,
    model: Uint8Array,
    { threads, executionProvider, profilingPrefix }: SessionSettings,
    kept: readonly string[] = [],
  ): Promise<BindingSession> {
    assertProvider(executionProvider);
    const options = {
      executionProviders: [executionProvider],
      intraOpNumThreads: threads,
      // Errors only: warnings tell of the operations on shapes that a card leaves to the CPU, in every graph.
      logSeverityLevel: 3 as const,
      ...(kept.length > 0 && {
        preferredOutputLocation: Object.fromEntries(kept.map((name) => [name, "gpu-buffer"] as const)),
      }),
      ...(profilingPrefix !== undefined && { enableProfiling: true, profileFilePrefix: profilingPrefix }),
    };
    try {
      return new BindingSession(binding, await binding.InferenceSession.create(model, options));
    } catch (cause) {
      const advice =
        executionProvider === "cpu"
          ? ""
          : '; choose a provider that this machine has, such as "cpu", the default';
      throw new UnsupportedError(
        `ONNX Runtime does not start on "${executionProvider}": ${causeMessage(cause)}${advice}`,
        { cause },
      );
    }
  }

  /** @throws RuntimeError if ONNX Runtime reports a failure, such as an index that is out of range. */
  async run(inputs: readonly Feed[], outputs: readonly Fetch[]): Promise<DeviceTensor[]> {
    if (this.#session === undefined) throw new TypeError("the session is released");
    const feeds = Object.fromEntries(
      inputs.map((feed) => [feed.value.name, "tensor" in feed ? feed.tensor : this.#tensor(feed)]),
    );
    const staying = outputs.flatMap((fetch) => ("array" in fetch ? [] : [fetch.value]));
    try {
      // ONNX Runtime writes into arrays of the caller only if no output stays on the device.
      if (staying.length === 0) {
        const arrays = outputs.flatMap((fetch) => ("array" in fetch ? [fetch] : []));
        await this.#session.run(
          feeds,
          Object.fromEntries(arrays.map((fetch) => [fetch.value.name, this.#tensor(fetch)])),
        );
        return [];
      }
      const results = await this.#session.run(
        feeds,
        outputs.map(({ value }) => value.name),
      );
      for (const fetch of outputs) if ("array" in fetch) copy(results[fetch.value.name], fetch);
      return staying.map((value) => ({ value, tensor: results[value.name] }));
    } catch (cause) {
      throw new RuntimeError(`ONNX Runtime: ${causeMessage(cause)}${bytesAsked(staying)}`, { cause });
    }
  }

  async release(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.release();
  }

  #tensor({ value: { type, shape }, array }: HostTensor): Tensor {
    const { Tensor: Onnx } = this.#binding;
    if (array instanceof Float32Array) return new Onnx("float32", array, shape);
    if (array instanceof Int32Array) return new Onnx("int32", array, shape);
    if (array instanceof BigInt64Array) return new Onnx("int64", array, shape);
    return new Onnx(type === "bool" ? "bool" : "uint8", array, shape);
  }
}

/** Says how much memory of the device the outputs of a failed run needed: a full device is the likeliest cause. */
function bytesAsked(staying: readonly Value[]): string {
  if (staying.length === 0) return "";
  const bytes = staying.reduce((sum, { shape }) => sum + 4 * sizeOf(shape), 0);
  return ` (the run asked the device for ${bytes} bytes of outputs, and for those of its intermediate values)`;
}

/** Copies an output that ONNX Runtime has made into the caller's array. */
function copy({ data }: Tensor, { array }: HostTensor): void {
  if (data instanceof Float32Array && array instanceof Float32Array) array.set(data);
  else if (data instanceof Int32Array && array instanceof Int32Array) array.set(data);
  else if (data instanceof Uint8Array && array instanceof Uint8Array) array.set(data);
  else if (data instanceof BigInt64Array && array instanceof BigInt64Array) array.set(data);
  else throw new TypeError(`ONNX Runtime gave ${data.constructor.name}; expected ${array.constructor.name}`);
}
