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

/** The inputs and outputs of a session's model. */
export type SessionDescription = Pick<
  InferenceSession,
  "inputNames" | "outputNames" | "inputMetadata" | "outputMetadata"
>;

/** The answer to a call of the same kind. */
export type ThreadAnswer =
  | { readonly kind: "create"; readonly description: SessionDescription }
  | { readonly kind: "run"; readonly outputs: readonly (readonly [name: string, tensor: SentTensor])[] }
  | { readonly kind: "release" };

type AnswerTo<Call extends ThreadCall> = Extract<ThreadAnswer, { readonly kind: Call["kind"] }>;

/** The answer to the call of this number, or the reason why it failed. */
type ThreadMessage = { readonly number: number } & (
  | ThreadAnswer
  | { readonly kind: "failure"; readonly reason: string }
);

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
  async call<Call extends ThreadCall>(call: Call): Promise<AnswerTo<Call>> {
    if (this.#death) throw this.#death;
    this.#calls += 1;
    const number = this.#calls;
    const moved = withOwnArrays(call);
    const answer = await new Promise<ThreadAnswer>((resolve, reject) => {
      this.#worker.postMessage({ number, ...moved.call }, moved.buffers);
      this.#waiting.set(number, { resolve, reject });
      // A thread that has nothing to do does not keep the process from ending.
      this.#worker.ref();
    });
    if (isAnswerTo(call, answer)) return answer;
    throw new RuntimeError(`the thread of the model answers ${answer.kind} to ${call.kind}`);
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #take(message: ThreadMessage): void {
    const waiting = this.#waiting.get(message.number);
    this.#waiting.delete(message.number);
    if (this.#waiting.size === 0) this.#worker.unref();
    if (message.kind === "failure") waiting?.reject(new RuntimeError(message.reason));
    else waiting?.resolve(message);
  }

  #die(reason: string): void {
    this.#death ??= new RuntimeError(`the thread of the model has ended (${reason})`);
    for (const { reject } of this.#waiting.values()) reject(this.#death);
    this.#waiting.clear();
  }
}

function isAnswerTo<Call extends ThreadCall>(call: Call, answer: ThreadAnswer): answer is AnswerTo<Call> {
  return answer.kind === call.kind;
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
