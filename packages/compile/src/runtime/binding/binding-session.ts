import { causeMessage, type OnnxRuntime, RuntimeError, UnsupportedError } from "@dmrec/core";
import type { InferenceSession, Tensor } from "onnxruntime-common";
import type { HostTensor, Session } from "../session";
import type { SessionSettings } from "../session-options";

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

  /** @throws UnsupportedError if the execution provider is not in this build. */
  static async create(
    binding: OnnxRuntime,
    model: Uint8Array,
    { threads, executionProvider, profilingPrefix }: SessionSettings,
  ): Promise<BindingSession> {
    const options = {
      executionProviders: [executionProvider],
      intraOpNumThreads: threads,
      ...(profilingPrefix !== undefined && { enableProfiling: true, profileFilePrefix: profilingPrefix }),
    };
    try {
      return new BindingSession(binding, await binding.InferenceSession.create(model, options));
    } catch (cause) {
      throw new UnsupportedError(
        `ONNX Runtime does not start on "${executionProvider}": ${causeMessage(cause)}`,
        { cause },
      );
    }
  }

  /** @throws RuntimeError if ONNX Runtime reports a failure, such as an index that is out of range. */
  async run(inputs: readonly HostTensor[], outputs: readonly HostTensor[]): Promise<void> {
    if (this.#session === undefined) throw new TypeError("the session is released");
    const named = (given: readonly HostTensor[]) =>
      Object.fromEntries(given.map((tensor) => [tensor.value.name, this.#tensor(tensor)]));
    try {
      await this.#session.run(named(inputs), named(outputs));
    } catch (cause) {
      throw new RuntimeError(`ONNX Runtime: ${causeMessage(cause)}`, { cause });
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
