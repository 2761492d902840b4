import { DMRecError, FileError } from "@dmrec/core";
import { parseTfIdfEncoder, type TfIdfEncoder } from "@dmrec/encoders";
import { loadRecommender } from "@dmrec/serving";
import wasm from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import { pageFiles } from "../../content/page-content";
import type { ModelMessage } from "./answers";
import { explainRanking } from "./explain-ranking";
import { rankItems, scoreTaste } from "./rank-taste";
import type { Taste } from "./taste";
import { knownWords, type TasteModel } from "./taste-model";

/** A message of the page to the model. */
export type ModelRequest =
  | { readonly kind: "open"; readonly folder: string; readonly readsTexts: boolean }
  | {
      readonly kind: "rank";
      readonly request: number;
      readonly taste: Taste;
      /** The best items that are ranked, and of these how many are explained. */
      readonly count: number;
      readonly explained: number;
    };

type RankRequest = Extract<ModelRequest, { readonly kind: "rank" }>;

let opened: Promise<TasteModel> | undefined;
/** Only the newest taste is answered. */
let newest: RankRequest | undefined;
let isAnswering = false;

addEventListener("message", ({ data }: MessageEvent<ModelRequest>) => {
  if (data.kind === "open") {
    opened = openModel(data);
    opened.then(() => tell({ kind: "ready" }), fail);
  } else {
    newest = data;
    if (!isAnswering) answerAll().catch(fail);
  }
});

async function openModel({
  folder,
  readsTexts,
}: Extract<ModelRequest, { kind: "open" }>): Promise<TasteModel> {
  const encoder = readsTexts ? openEncoder(new URL(pageFiles.encoder, folder)) : undefined;
  const runtime = await import("onnxruntime-web/wasm");
  runtime.env.wasm.wasmPaths = { wasm: new URL(wasm, import.meta.url).href };
  // More threads need headers that not every static server sends.
  runtime.env.wasm.numThreads = 1;
  const recommender = await loadRecommender(new URL(pageFiles.model, folder), { runtime });
  return { recommender, encoder: await encoder };
}

async function openEncoder(url: URL): Promise<TfIdfEncoder> {
  const response = await fetch(url);
  if (!response.ok) throw new FileError(url.pathname, `HTTP status ${response.status}`);
  return parseTfIdfEncoder(await response.text(), url.pathname);
}

async function answerAll(): Promise<void> {
  isAnswering = true;
  try {
    while (newest) {
      const request = newest;
      newest = undefined;
      if (opened) await answer(await opened, request);
    }
  } finally {
    isAnswering = false;
  }
}

async function answer(model: TasteModel, { request, taste, count, explained }: RankRequest): Promise<void> {
  const scores = await scoreTaste(model, taste);
  const rankings = rankItems(scores, taste, count);
  tell({ kind: "ranked", request, rankings, knownWords: knownWords(model, taste) });
  const reasons = await explainRanking(model, taste, {
    rankings: rankItems(scores, taste, explained),
    goesOn: async () => {
      // A turn of the event loop, in which the next taste may arrive.
      await new Promise((resolve) => setTimeout(resolve));
      return newest === undefined;
    },
  });
  if (reasons) tell({ kind: "explained", request, reasons });
}

function tell(message: ModelMessage): void {
  postMessage(message);
}

function fail(error: unknown): void {
  console.error(error);
  const reason = DMRecError.isInstance(error) ? error.message : String(error);
  tell({ kind: "failed", message: reason });
}
