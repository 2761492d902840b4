import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LanguageModel } from "ai";
import { openProfileStore, type ProfileStore } from "../store/profile-store";
import {
  modelAt,
  type OpenAiServer,
  type ServedCall,
  type ServerReply,
  startOpenAiServer,
} from "./openai-server";

export interface Service {
  readonly server: OpenAiServer;
  readonly model: LanguageModel;
  readonly folder: string;
  readonly store: ProfileStore;
  /** The options of a run, with short waits. */
  readonly run: { readonly model: LanguageModel; readonly store: ProfileStore; readonly retryDelay: number };
}

/** Runs `use` beside a server that answers by `respond`, with a store in a folder of its own. */
export async function withService(
  respond: (call: ServedCall) => ServerReply | Promise<ServerReply>,
  use: (service: Service) => Promise<void>,
): Promise<void> {
  const server = await startOpenAiServer(respond);
  const folder = await mkdtemp(join(tmpdir(), "dmrec-profiles-"));
  const store = await openProfileStore(folder);
  const model = modelAt(server.url);
  try {
    await use({ server, model, folder, store, run: { model, store, retryDelay: 0.005 } });
  } finally {
    await store.close();
    await server.close();
    await rm(folder, { recursive: true });
  }
}
