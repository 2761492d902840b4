import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { expect, it } from "vitest";
import { generateItemProfiles } from "./generate-item-profiles";
import { startScript } from "./testing/child-process";
import {
  failure,
  modelAt,
  type ServedCall,
  type ServerReply,
  startOpenAiServer,
  text,
} from "./testing/openai-server";
import { withService } from "./testing/with-service";

const key = "k3y-that-nobody-may-see-5d1f";
const items = Array.from({ length: 4 }, (_, index) => ({ title: `Book ${index}` }));
const echo = ({ headers }: ServedCall) => String(headers.authorization);

/** Services that quote the key that they were sent wherever they can. */
const indiscreet: readonly [string, (call: ServedCall) => ServerReply][] = [
  ["a wrong key", (call) => failure(401, `Incorrect API key provided: ${echo(call)}`)],
  ["a bad request", (call) => failure(400, `header was ${echo(call)}`)],
  ["an outage", (call) => failure(500, `while serving ${echo(call)}`, { headers: { "x-key": echo(call) } })],
  ["prose", (call) => text(`You sent ${echo(call)}`)],
  [
    "a reply that fits",
    (call) =>
      text(JSON.stringify({ sufficient: true, summary: `For ${echo(call)}.`, reasoning: echo(call) })),
  ],
];

async function bytesOf(folder: string): Promise<string> {
  const files = await readdir(folder);
  return (await Promise.all(files.map((file) => readFile(join(folder, file), "latin1")))).join("\n");
}

it.concurrent.each(indiscreet)("a key appears nowhere after %s", (_, respond) =>
  withService(respond, async ({ server, folder, run }) => {
    const reported: string[] = [];
    const result = await generateItemProfiles({
      ...run,
      model: modelAt(server.url, key),
      items,
      secrets: [key],
      maxRetries: 1,
      onProgress: (progress) => reported.push(inspect(progress)),
      onWarning: (message) => reported.push(message),
    }).catch((error: unknown) => error);
    // All of it: properties that are not enumerable and causes too.
    const said = inspect(result, { depth: 20, showHidden: true });
    expect(said).toMatch(/Book|report/);
    expect(`${said}\n${reported.join("\n")}`).not.toContain(key);
    expect(server.calls[0].headers.authorization).toBe(`Bearer ${key}`);
    expect(await bytesOf(folder)).not.toContain(key);
  }),
);

const [wrongKey, , outage, , fitting] = indiscreet;

it.concurrent.each([wrongKey, outage, fitting])(
  "a key of the environment is in neither output nor store after %s",
  async (_, respond) => {
    const server = await startOpenAiServer(respond);
    const folder = await mkdtemp(join(tmpdir(), "dmrec-secrets-"));
    try {
      const run = await startScript("item-run", [server.url, folder, "4", "2"], {
        env: { LOCAL_API_KEY: key },
      });
      const { stdout, stderr } = await run.ended;
      expect(server.calls[0].headers.authorization).toBe(`Bearer ${key}`);
      expect(`${stdout}${stderr}`).toMatch(/4 profiles|ModelCallError|ProfileRunError/);
      expect(`${stdout}${stderr}`).not.toContain(key);
      expect(await bytesOf(folder)).not.toContain(key);
    } finally {
      await server.close();
      await rm(folder, { recursive: true });
    }
  },
);
