import { Worker } from "node:worker_threads";
import { RuntimeError } from "@dmrec/core";
import type { InferenceSession, Tensor } from "onnxruntime-common";

/** A tensor in a message. */
export type SentTensor = Pick<Tensor, "type" | "data" | "dims">;

/** A call of a thread. Its numbers are copied, because a message would take their memory away from the caller. */
export type ThreadCall =
  | {
      readonly kind: "create";
      readonly model: string | Uint8Array;
      readonly options: InferenceSession.SessionOptions;
    }
  | {
      readonly kind: "run";
      readonly feeds: readonly (readonly [name: string, tensor: SentTensor])[];
      readonly fetches: readonly string[];
    }
  | { readonly kind: "release" };

/** The answer to a call: what a created session is, or the outputs of a run. */
export interface ThreadAnswer {
  readonly description?: Pick<
    InferenceSession,
    "inputNames" | "outputNames" | "inputMetadata" | "outputMetadata"
  >;
  readonly outputs?: readonly (readonly [name: string, tensor: SentTensor])[];
}

interface ThreadMessage extends ThreadAnswer {
  /** The number of the call. */
  readonly call: number;
  /** The failure of the call. */
  readonly error?: string;
}

interface Waiting {
  readonly resolve: (answer: ThreadAnswer) => void;
  readonly reject: (error: RuntimeError) => void;
}

/** A thread that holds one model, until it is ended. */
export class ModelThread {
  readonly #worker = new Worker(new URL("./onnx-thread.mjs", import.meta.url));
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;
  #death: RuntimeError | undefined;

  constructor() {
    this.#worker.on("message", (message: ThreadMessage) => this.#take(message));
    this.#worker.on("error", ({ message }) => this.#die(message));
    this.#worker.on("exit", (code) => this.#die(`exit code ${code}`));
  }

  /**
   * Makes a call and waits for its answer.
   *
   * @throws RuntimeError with what ONNX Runtime said, or if the thread has ended.
   */
  call(call: ThreadCall): Promise<ThreadAnswer> {
    if (this.#death) return Promise.reject(this.#death);
    this.#calls += 1;
    const number = this.#calls;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      // A thread that has nothing to do does not keep the process from ending.
      this.#worker.ref();
      const moved = withOwnArrays(call);
      this.#worker.postMessage({ call: number, ...moved.call }, moved.buffers);
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #take({ call, error, ...answer }: ThreadMessage): void {
    const waiting = this.#waiting.get(call);
    this.#waiting.delete(call);
    if (this.#waiting.size === 0) this.#worker.unref();
    if (error === undefined) waiting?.resolve(answer);
    else waiting?.reject(new RuntimeError(error));
  }

  #die(reason: string): void {
    this.#death ??= new RuntimeError(`the thread of the model has ended (${reason})`);
    for (const { reject } of this.#waiting.values()) reject(this.#death);
    this.#waiting.clear();
  }
}

/** A call with copies of its arrays. Moving a copy takes a tenth of the time that a message takes to copy. */
function withOwnArrays(call: ThreadCall): { readonly call: ThreadCall; readonly buffers: ArrayBuffer[] } {
  const buffers: ArrayBuffer[] = [];
  if (call.kind === "create" && typeof call.model !== "string") {
    const model = new Uint8Array(call.model);
    buffers.push(model.buffer);
    return { call: { ...call, model }, buffers };
  }
  if (call.kind !== "run") return { call, buffers };
  const feeds = call.feeds.map(([name, { type, data, dims }]): [string, SentTensor] => {
    if (!ArrayBuffer.isView(data)) return [name, { type, data, dims }];
    const own = data.slice();
    if (own.buffer instanceof ArrayBuffer) buffers.push(own.buffer);
    return [name, { type, data: own, dims }];
  });
  return { call: { ...call, feeds }, buffers };
}
