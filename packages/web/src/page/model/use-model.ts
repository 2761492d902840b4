import { useEffect, useReducer, useRef } from "preact/hooks";
import type { ModelMessage, Rankings, ReasonsBySpace } from "./answers";
import type { Taste } from "./taste";
import type { ModelRequest } from "./worker";

/** The model's answer to the newest taste that it has answered. */
export interface ModelState {
  readonly status: "loading" | "ready" | "failed";
  /** The reason of a failure. */
  readonly message?: string;
  readonly rankings?: Rankings;
  /** Absent until they are found. */
  readonly reasons?: ReasonsBySpace;
  /** The typed words that the model reads. */
  readonly knownWords: readonly string[];
  /** The number of the answered taste. */
  readonly request: number;
}

export interface ModelOptions {
  /** The address of the page's files. */
  readonly folder: string;
  readonly readsTexts: boolean;
  /** The best items that are ranked, and of these how many are explained. */
  readonly count: number;
  readonly explained: number;
}

/** Asks the model, in a worker, about a taste whenever it changes. */
export function useModel(taste: Taste, { folder, readsTexts, count, explained }: ModelOptions): ModelState {
  const [state, dispatch] = useReducer(nextState, { status: "loading", request: 0, knownWords: [] });
  const worker = useRef<Worker | undefined>(undefined);
  const request = useRef(0);
  useEffect(() => {
    const started = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    started.addEventListener("message", ({ data }: MessageEvent<ModelMessage>) => dispatch(data));
    started.addEventListener("error", ({ message }) =>
      dispatch({ kind: "failed", message: message || "the program of the model does not load" }),
    );
    started.postMessage({ kind: "open", folder, readsTexts } satisfies ModelRequest);
    worker.current = started;
    return () => started.terminate();
  }, [folder, readsTexts]);
  useEffect(() => {
    request.current += 1;
    const asked = { kind: "rank", request: request.current, taste, count, explained } as const;
    worker.current?.postMessage(asked satisfies ModelRequest);
  }, [taste, count, explained]);
  return state;
}

function nextState(state: ModelState, message: ModelMessage): ModelState {
  switch (message.kind) {
    case "ready":
      return { ...state, status: "ready" };
    case "failed":
      return { ...state, status: "failed", message: message.message };
    case "ranked": {
      const { request, rankings, knownWords } = message;
      return { status: "ready", request, rankings, knownWords };
    }
    case "explained":
      return message.request === state.request ? { ...state, reasons: message.reasons } : state;
  }
}
