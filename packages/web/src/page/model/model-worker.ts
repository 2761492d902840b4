import type { ModelMessage } from "./answers";
import type { ModelRequest } from "./worker";

/**
 * The model in a worker of its own. It is started before the rest of the page knows what to ask, because the model takes longest
 * to arrive. What it says until someone listens is kept.
 */
export class ModelWorker {
  readonly #worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  #unheard: ModelMessage[] = [];
  #listener: (message: ModelMessage) => void = (message) => this.#unheard.push(message);

  /** @param folder The address of the page's files. */
  constructor(folder: string) {
    this.#worker.addEventListener("message", ({ data }: MessageEvent<ModelMessage>) => this.#listener(data));
    this.#worker.addEventListener("error", ({ message }) =>
      this.#listener({ kind: "failed", message: message || "the program of the model does not load" }),
    );
    this.ask({ kind: "open", folder });
  }

  ask(request: ModelRequest): void {
    this.#worker.postMessage(request);
  }

  /** Calls a listener with everything that the model says, and has said before. */
  listen(listener: (message: ModelMessage) => void): void {
    this.#listener = listener;
    for (const message of this.#unheard.splice(0)) listener(message);
  }
}
