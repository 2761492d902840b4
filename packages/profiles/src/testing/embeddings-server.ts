import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

const bodySchema = z.looseObject({ input: z.array(z.string()) });

/** A request to the server. */
export interface EmbeddingsRequest {
  readonly texts: readonly string[];
  readonly body: Readonly<Record<string, unknown>>;
  readonly authorization: string | undefined;
}

/** Answers one request, at once or later; `undefined` for the right answer. */
export type Misbehaviour = (
  request: EmbeddingsRequest,
  response: ServerResponse,
  /** Requests before this one. */
  count: number,
) => unknown;

/** The right embedding of a text: a function of it only. */
export function embeddingOf(text: string, width = 4): number[] {
  return Array.from({ length: width }, (_, column) =>
    Math.fround(Math.sin(text.length + column * (text.charCodeAt(0) || 1))),
  );
}

export const answer = (embeddings: readonly unknown[]) => ({
  object: "list",
  model: "test",
  data: embeddings.map((embedding, index) => ({ object: "embedding", index, embedding })),
  usage: { prompt_tokens: 3 * embeddings.length, total_tokens: 3 * embeddings.length },
});

/** Serves embeddings as OpenAI's API does, on loopback. If `misbehave` returns something, that is the answer. */
export async function embeddingsServer(misbehave: Misbehaviour = () => undefined) {
  const requests: EmbeddingsRequest[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", async () => {
      const body = bodySchema.parse(JSON.parse(Buffer.concat(chunks).toString()));
      const request = { texts: body.input, body, authorization: incoming.headers.authorization };
      requests.push(request);
      const content = await misbehave(request, response, requests.length - 1);
      if (response.writableEnded || response.destroyed) return;
      if (!response.headersSent) response.setHeader("content-type", "application/json");
      const right = () => answer(request.texts.map((text) => embeddingOf(text)));
      response.end(typeof content === "string" ? content : JSON.stringify(content ?? right()));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
