import { loadOnnxRuntime, type OnnxRuntime, UnsupportedError } from "@dmrec/core";
import type { InferenceSession, TensorConstructor } from "onnxruntime-common";
import { ModelThread, type SessionDescription } from "./model-thread";

/**
 * An ONNX Runtime that computes each model on a thread of its own. onnxruntime-node computes on the thread that calls it, so a
 * service could read no request meanwhile.
 *
 * @throws UnsupportedError if onnxruntime-node does not load.
 * @example
 * const recommender = await loadRecommender("model.onnx", { runtime: await threadedRuntime() });
 * await using service = await startService({ recommender });
 */
export async function threadedRuntime(): Promise<OnnxRuntime> {
  const { Tensor } = await loadOnnxRuntime();
  const create = async (model: string | Uint8Array, options: InferenceSession.SessionOptions = {}) => {
    const thread = new ModelThread();
    try {
      const { description } = await thread.call({ kind: "create", model, options });
      return new ThreadedSession(thread, Tensor, description);
    } catch (error) {
      await thread.end();
      throw error;
    }
  };
  return { InferenceSession: { create }, Tensor };
}

/** A session on a thread. Inputs and outputs are copied, which takes little beside a run. */
class ThreadedSession implements InferenceSession {
  readonly #thread: ModelThread;
  readonly #Tensor: TensorConstructor;
  readonly inputNames: InferenceSession["inputNames"];
  readonly outputNames: InferenceSession["outputNames"];
  readonly inputMetadata: InferenceSession["inputMetadata"];
  readonly outputMetadata: InferenceSession["outputMetadata"];

  constructor(thread: ModelThread, Tensor: TensorConstructor, description: SessionDescription) {
    this.#thread = thread;
    this.#Tensor = Tensor;
    this.inputNames = description.inputNames;
    this.outputNames = description.outputNames;
    this.inputMetadata = description.inputMetadata;
    this.outputMetadata = description.outputMetadata;
  }

  /** Runs the model. `fetches` are names of outputs; anything else asks for all of them. */
  async run(
    feeds: InferenceSession.FeedsType,
    fetches?: InferenceSession.FetchesType | InferenceSession.RunOptions,
  ): Promise<InferenceSession.ReturnType> {
    const { outputs } = await this.#thread.call({
      kind: "run",
      feeds: Object.entries(feeds).map(([name, { type, data, dims }]) => [name, { type, data, dims }]),
      fetches: Array.isArray(fetches) ? fetches : this.outputNames,
    });
    const Tensor = this.#Tensor;
    return Object.fromEntries(
      outputs.map(([name, { type, data, dims }]) => [name, new Tensor(type, data, dims)]),
    );
  }

  /** Frees the model and ends the thread. A thread that has ended before has freed it already. */
  async release(): Promise<void> {
    await this.#thread.call({ kind: "release" }).catch(() => {});
    await this.#thread.end();
  }

  startProfiling(): void {
    throw new UnsupportedError("a session on a thread of its own is not profiled");
  }

  endProfiling(): void {
    this.startProfiling();
  }
}
