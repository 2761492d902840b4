import { DMRecError, FileError } from "@dmrec/core";
import { parseTfIdfEncoder, type TfIdfEncoder } from "@dmrec/encoders";
import { loadRecommender } from "@dmrec/serving";
import { pageFiles } from "../../content/page-content";
import type { ModelMessage } from "./answers";
import { explainRanking } from "./explain-ranking";
import { rankItems, scoreTaste } from "./rank-taste";
import { startRuntime } from "./runtime";
import type { Taste } from "./taste";
import { knownWords, type TasteModel } from "./taste-model";

/** A message of the page to the model. */
export type ModelRequest =
  | { readonly kind: "open"; readonly folder: string }
  /** Follows once the page knows its items. */
  | { readonly kind: "describe"; readonly readsTexts: boolean }
  | {
      readonly kind: "rank";
      readonly request: number;
      readonly taste: Taste;
      /** The best items that are ranked, and of these how many are explained. */
      readonly count: number;
      readonly explained: number;
    };

type RankRequest = Extract<ModelRequest, { readonly kind: "rank" }>;

/** Milliseconds without another taste before the newest one is explained. While someone types, that would only take time. */
const pause = 150;

const runtime = startRuntime();
/** Answered by the page once it knows its items: true if the model reads texts. */
let describe: (readsTexts: boolean) => void = () => {};
const readsTexts = new Promise<boolean>((resolve) => {
  describe = resolve;
});
let opened: Promise<TasteModel> | undefined;
/** Only the newest taste is answered. */
let newest: RankRequest | undefined;
let isAnswering = false;

addEventListener("message", ({ data }: MessageEvent<ModelRequest>) => {
  switch (data.kind) {
    case "open":
      opened = openModel(data.folder);
      opened.catch(fail);
      break;
    case "describe":
      describe(data.readsTexts);
      break;
    case "rank":
      newest = data;
      if (!isAnswering) answerAll().catch(fail);
  }
});

/** The model, the encoder and ONNX Runtime arrive at the same time. */
async function openModel(folder: string): Promise<TasteModel> {
  const model = download(new URL(pageFiles.model, folder)).then((response) => response.arrayBuffer());
  const encoder = readsTexts.then((reads) =>
    reads ? openEncoder(new URL(pageFiles.encoder, folder)) : undefined,
  );
  const [bytes, started] = await Promise.all([model, runtime]);
  const recommender = loadRecommender(new Uint8Array(bytes), { runtime: started });
  const [opened, read] = await Promise.all([recommender, encoder]);
  return { recommender: opened, encoder: read };
}

async function openEncoder(url: URL): Promise<TfIdfEncoder> {
  const response = await download(url);
  return parseTfIdfEncoder(await response.text(), url.pathname);
}

async function download(url: URL): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new FileError(url.pathname, `HTTP status ${response.status}`);
  return response;
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
  await new Promise((resolve) => setTimeout(resolve, pause));
  if (newest) return;
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
