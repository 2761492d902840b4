import { setImmediate } from "node:timers/promises";
import type { DeviceTensor, Feed, Fetch, HostTensor, Session } from "../session";
import type { SessionSettings } from "../session-options";
import type { CInterface } from "./c-interface";

/**
 * A session of ONNX Runtime's own interface, on the CPU.
 *
 * The package onnxruntime-node copies every output into a new array: for a training step the whole state of the
 * optimizer, a fifth of the time. Here outputs are written to their final arrays.
 */
export class NativeSession implements Session {
  readonly runner = "native";
  readonly #runtime: CInterface;
  #session: bigint | undefined;

  constructor(runtime: CInterface, model: Uint8Array, settings: SessionSettings) {
    this.#runtime = runtime;
    this.#session = runtime.createSession(model, settings);
  }

  async run(feeds: readonly Feed[], fetches: readonly Fetch[]): Promise<DeviceTensor[]> {
    const [inputs, outputs] = [feeds, fetches].map((given) => given.map(onHost));
    // The computation keeps this thread: what else waits has a turn before it.
    await setImmediate();
    if (this.#session === undefined) throw new TypeError("the session is released");
    const tensors: bigint[] = [];
    const create = ({ value, array }: HostTensor) => {
      const tensor = this.#runtime.createTensor(value.type, value.shape, array);
      tensors.push(tensor);
      return tensor;
    };
    try {
      const names = (given: readonly HostTensor[]) => given.map(({ value }) => value.name);
      this.#runtime.run(
        this.#session,
        names(inputs),
        inputs.map(create),
        names(outputs),
        outputs.map(create),
      );
    } finally {
      for (const tensor of tensors) this.#runtime.releaseTensor(tensor);
    }
    return [];
  }

  async release(): Promise<void> {
    if (this.#session !== undefined) this.#runtime.releaseSession(this.#session);
    this.#session = undefined;
  }
}

/** The CPU has no memory but the host's. */
function onHost(given: Feed | Fetch): HostTensor {
  if ("array" in given) return given;
  throw new TypeError(`the value ${given.value.name} has no array on the host`);
}
