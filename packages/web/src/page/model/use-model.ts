import { useEffect, useReducer, useRef } from "preact/hooks";
import type { ModelMessage, Rankings, ReasonsBySpace } from "./answers";
import type { ModelWorker } from "./model-worker";
import type { Taste } from "./taste";

/** The model's answer to the newest taste that it has answered. */
export interface ModelState {
  /** Ready from the model's first answer on. */
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
  readonly worker: ModelWorker;
  readonly readsTexts: boolean;
  /** The items to recommend until the model is there, best first. */
  readonly anyone: readonly number[] | undefined;
  /** The best items that are ranked, and of these how many are explained. */
  readonly count: number;
  readonly explained: number;
}

/** Asks the model about a taste whenever it changes. */
export function useModel(
  taste: Taste,
  { worker, readsTexts, anyone, count, explained }: ModelOptions,
): ModelState {
  const [state, dispatch] = useReducer(nextState, {
    status: "loading",
    request: 0,
    knownWords: [],
    ...(anyone && { rankings: { both: anyone } }),
  });
  const request = useRef(0);
  useEffect(() => {
    worker.ask({ kind: "describe", readsTexts });
    worker.listen(dispatch);
  }, [worker, readsTexts]);
  useEffect(() => {
    request.current += 1;
    worker.ask({ kind: "rank", request: request.current, taste, count, explained });
  }, [worker, taste, count, explained]);
  return state;
}

function nextState(state: ModelState, message: ModelMessage): ModelState {
  switch (message.kind) {
    case "failed":
      // Without a model, the ranking for anyone answers no taste: the map goes dark.
      return { status: "failed", message: message.message, request: state.request, knownWords: [] };
    case "ranked": {
      const { request, rankings, knownWords } = message;
      return { status: "ready", request, rankings, knownWords };
    }
    case "explained":
      return message.request === state.request ? { ...state, reasons: message.reasons } : state;
  }
}
