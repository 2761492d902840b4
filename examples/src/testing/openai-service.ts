import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

const chatSchema = z.object({
  model: z.string(),
  messages: z.array(z.object({ content: z.string() })).min(1),
});
const embeddingsSchema = z.object({ model: z.string(), input: z.array(z.string()) });

/** Starts a service on loopback with the part of OpenAI's protocol that profiles and their embeddings use. */
export async function startOpenAiService(apiKey: string) {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (request.headers.authorization !== `Bearer ${apiKey}`)
      return answer(401, { error: { message: "Incorrect API key provided", type: "invalid_request_error" } });
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    if (request.url === "/v1/chat/completions") {
      const { model, messages } = chatSchema.parse(body);
      asked.push(model);
      return answer(200, completion(model, messages[messages.length - 1].content));
    }
    if (request.url === "/v1/embeddings") {
      const { model, input } = embeddingsSchema.parse(body);
      asked.push(model);
      const data = input.map((text, index) => ({
        object: "embedding",
        index,
        embedding: letterShares(text),
      }));
      const usage = { prompt_tokens: input.length, total_tokens: input.length };
      return answer(200, { object: "list", model, data, usage });
    }
    return answer(404, { error: { message: `no ${request.url}`, type: "invalid_request_error" } });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    /** The models called so far. */
    asked,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** A completion with a profile of the text between the prompt's delimiters. */
function completion(model: string, prompt: string) {
  const known = /<data>\n(.*)\n<\/data>/.exec(prompt)?.[1] ?? "";
  const summary = `A profile of ${known.replaceAll(/[^\p{L} ]+/gu, " ")}`.slice(0, 200);
  const content = JSON.stringify({ sufficient: true, summary, reasoning: "Its attributes say so." });
  const choice = { index: 0, finish_reason: "stop", message: { role: "assistant", content } };
  const usage = { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 };
  return { id: "1", object: "chat.completion", created: 1, model, choices: [choice], usage };
}

/** The share of each letter in a text: a simple embedding, 26 wide. */
function letterShares(text: string): number[] {
  const letters = text.toLowerCase().replaceAll(/[^a-z]/g, "");
  return Array.from({ length: 26 }, (_, letter) => {
    const count = letters.split(String.fromCharCode(97 + letter)).length - 1;
    return count / Math.max(1, letters.length);
  });
}
