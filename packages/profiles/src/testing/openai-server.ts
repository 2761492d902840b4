import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { LanguageModel } from "ai";
import { z } from "zod";

/** A call as the server received it. */
export interface ServedCall {
  readonly system: string;
  readonly prompt: string;
  /** The JSON between the delimiters of the prompt. */
  readonly data: unknown;
  readonly maximumTokens: number | undefined;
  readonly headers: IncomingHttpHeaders;
  /** Earlier calls of the same data. */
  readonly earlier: number;
  /** Milliseconds on the clock. */
  readonly at: number;
}

/** Answers a call over HTTP, well or badly. */
export type ServerReply = (response: ServerResponse) => void;

const bodySchema = z.object({
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
  max_tokens: z.number().optional(),
});

/** A server that speaks OpenAI's protocol and answers as a test wants, with what it was asked. */
export async function startOpenAiServer(respond: (call: ServedCall) => ServerReply | Promise<ServerReply>) {
  const calls: ServedCall[] = [];
  const earlier = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = bodySchema.parse(JSON.parse(Buffer.concat(chunks).toString("utf8")));
    const content = (role: string) => body.messages.find((message) => message.role === role)?.content ?? "";
    const prompt = content("user");
    const block = /^<data>\n(.*)\n<\/data>/.exec(prompt)?.[1] ?? "null";
    const call: ServedCall = {
      system: content("system"),
      prompt,
      data: JSON.parse(block),
      maximumTokens: body.max_tokens,
      headers: request.headers,
      earlier: earlier.get(block) ?? 0,
      at: performance.now(),
    };
    earlier.set(block, call.earlier + 1);
    calls.push(call);
    (await respond(call))(response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return {
    url,
    calls,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

export type OpenAiServer = Awaited<ReturnType<typeof startOpenAiServer>>;

export const testKey = "test-key-1f6b0c9e7d42";

/** A model of such a server. */
export function modelAt(url: string, apiKey = testKey): LanguageModel {
  return createOpenAICompatible({ name: "local", baseURL: url, apiKey, supportsStructuredOutputs: true })(
    "test-model",
  );
}

function sendJson(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): ServerReply {
  return (response) =>
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

function completion(
  message: Readonly<Record<string, unknown>>,
  finishReason = "stop",
  usage: unknown = { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 },
) {
  const choice = { index: 0, finish_reason: finishReason, message: { role: "assistant", ...message } };
  return { id: "1", object: "chat.completion", created: 1, model: "test-model", choices: [choice], usage };
}

export const text = (content: string, finishReason?: string): ServerReply =>
  sendJson(200, completion({ content }, finishReason));

/** A reply that fits. */
export const profile = (summary: string): ServerReply =>
  text(JSON.stringify({ sufficient: true, summary, reasoning: "The title says so." }));

export const insufficient: ServerReply = text(
  JSON.stringify({ sufficient: false, summary: null, reasoning: "The title says nothing." }),
);

export const refusal: ServerReply = sendJson(
  200,
  completion({ content: null, refusal: "I cannot help with that." }),
);
export const withoutChoice: ServerReply = sendJson(200, { ...completion({}), choices: [] });
export const withoutUsage = (content: string): ServerReply =>
  sendJson(200, completion({ content }, "stop", null));

/** An error in OpenAI's form. */
export const failure = (
  status: number,
  message = "something is wrong",
  { code = null, headers = {} }: { code?: string | null; headers?: Readonly<Record<string, string>> } = {},
): ServerReply => sendJson(status, { error: { message, type: code ?? "error", param: null, code } }, headers);

/** The connection breaks in the middle of the body. */
export const dropped: ServerReply = (response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "500" });
  response.write('{"id":"1","choices":[{"mess');
  setTimeout(() => response.destroy(), 5);
};
