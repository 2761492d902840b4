import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadDataset } from "@dmrec/data";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { builtProgram, runCommandLine } from "./testing/run-command";

const reply = JSON.stringify({ sufficient: true, summary: "Fond of wit.", reasoning: "The title." });
const completion = (content: string) =>
  JSON.stringify({
    id: "1",
    object: "chat.completion",
    created: 1,
    model: "test",
    choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content } }],
    usage: { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 },
  });

let folder: string;
let calls = 0;
let status = 200;
let delay = 0;
/** The text of the prompts that get no useful reply. */
let stubborn: string | undefined;
const server = createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) body += chunk;
  const content = stubborn !== undefined && body.includes(stubborn) ? "No." : reply;
  calls += 1;
  await new Promise((done) => setTimeout(done, delay));
  response
    .writeHead(status, { "content-type": "application/json" })
    .end(status === 200 ? completion(content) : "{}");
});

beforeEach(async () => {
  [calls, status, delay, stubborn] = [0, 200, 0, undefined];
  folder = await mkdtemp(join(tmpdir(), "dmrec-profiles-command-"));
  await writeFile(join(folder, "train.txt"), "0 0 1 2\n1 1 3\n2 4 5\n");
  await writeFile(join(folder, "valid.txt"), "0 3\n");
  await writeFile(join(folder, "test.txt"), "1 4\n");
  const items = Array.from({ length: 6 }, (_, id) =>
    JSON.stringify({ id, title: `Book ${id}`, tags: ["wit"] }),
  );
  await writeFile(join(folder, "item_attributes.jsonl"), items.join("\n"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  vi.stubEnv("OPENAI_BASE_URL", `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
  vi.stubEnv("OPENAI_API_KEY", "test-key-0123456789");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  server.close();
  server.closeAllConnections();
  await rm(folder, { recursive: true });
});

const wordsOf = (args: readonly string[]) => [
  "profiles",
  ...["--model", "test", "--store", join(folder, "store")],
  ...args,
];

/** Starts the command as built. */
function start(...args: readonly string[]) {
  const child = spawn(process.execPath, [builtProgram, ...wordsOf(args)]);
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  const ended = once(child, "close").then(([code]: unknown[]) => ({ code, output }));
  return { child, ended };
}

/** Runs the command in this process. */
async function run(...args: readonly string[]) {
  const { stdout, stderr, status: code } = await runCommandLine(...wordsOf(args));
  return { code, output: stdout + stderr };
}
const prices = ["--input-price", "1", "--output-price", "4"];

describe("dmrec profiles", () => {
  it("reports the cost, makes profiles of items and users, and pays nothing again", async () => {
    const dry = await run("--data", folder, "--dry-run", ...prices);
    expect(dry.output).toMatch(/6 open.*\n.*\nstill to do: 6 calls, about \d+ tokens in.*cost about 0\.0/);
    expect(calls).toBe(0);
    const made = await run("--data", folder, "--domain", "books", ...prices);
    expect(made).toMatchObject({
      code: 0,
      output: expect.stringMatching(/item_profiles\.jsonl: 6 profiles: 6 ok/),
    });
    expect(made.output).toMatch(/user_profiles\.jsonl: 3 profiles: 3 ok.*\n3 calls.*\nWritten to/);
    expect(made.output).not.toContain("test-key");
    expect(calls).toBe(9);
    const { userProfiles, itemProfiles } = await loadDataset(folder, { onWarning: () => {} });
    expect([...(userProfiles ?? []), ...(itemProfiles ?? [])]).toEqual(new Array(9).fill("Fond of wit."));
    expect((await run("--data", folder, "--domain", "books", "--of", "users")).output).toMatch(
      /3 from the store/,
    );
    expect(calls).toBe(9);
  });

  it("makes profiles of users even if one of an item fails, and writes empty ones on request", async () => {
    stubborn = '\\"title\\":\\"Book 5\\",\\"tags';
    const first = await run("--data", folder);
    expect(first.code).toBe(1);
    expect(first.output).toMatch(
      /5 ok, 0 insufficient, 1 failed.*1 unreadable, the first 5.*user_profiles.*3 ok/s,
    );
    expect(first.output).toMatch(
      /Error: 1 profiles are missing, so .*item_profiles\.jsonl is not written\. .*--missing empty/,
    );
    const second = await run("--data", folder, "--missing", "empty");
    expect(second).toMatchObject({
      code: 0,
      output: expect.stringMatching(/Written to .*item_profiles\.jsonl/),
    });
    const { itemProfiles } = await loadDataset(folder, { onWarning: () => {} });
    expect(itemProfiles?.map((profile) => profile === "")).toEqual([false, false, false, false, false, true]);
    expect((await run("--help")).output).toMatch(/--missing <policy>/);
  });

  it("reports profiles of items from other inputs when it makes only those of users", async () => {
    await run("--data", folder, "--of", "items");
    const { output } = await run("--data", folder, "--of", "users", "--domain", "books");
    expect(output).toMatch(/6 profiles of items are from another model, domain or attributes/);
  });

  it("stops on Ctrl-C, and continues, as built", async () => {
    delay = 300;
    const { child, ended } = start("--data", folder, "--max-parallel-calls", "1");
    while (calls < 2) await new Promise((done) => setTimeout(done, 10));
    child.kill("SIGINT");
    const { code, output } = await ended;
    expect(code).toBe(130);
    expect(output).toMatch(
      /Completing the calls in flight.*The run was interrupted\. The run stopped with 2 of 6 profiles/s,
    );
    delay = 0;
    expect((await start("--data", folder).ended).output).toMatch(/6 ok.*\(2 from the store\)/);
    expect(calls).toBe(9);
  });

  it.each(["nonsense", "localhost:11434/v1", ""])(
    "refuses the address %j before any call",
    async (address) => {
      vi.stubEnv("OPENAI_BASE_URL", address);
      try {
        const flags = ["--model", "test", "--store", join(folder, "refused"), "--data", folder];
        const { stderr, status } = await runCommandLine("profiles", ...flags);
        expect(stderr).toContain(
          `OPENAI_BASE_URL: ${JSON.stringify(address)}; expected the address of a service, such as http://localhost:11434/v1`,
        );
        expect(status).toBe(1);
      } finally {
        vi.unstubAllEnvs();
      }
    },
  );

  it("ends with one clear line", async () => {
    status = 401;
    const { code, output } = await run("--data", folder);
    expect(code).toBe(1);
    expect(output).toMatch(/Error: The service refuses the key \(status 401\)/);
    expect(output).not.toMatch(/\n\s+at /);
    const unpriced = await run("--data", folder, "--input-price", "1");
    expect(unpriced.output).toMatch(/Error: dmrec profiles: --output-price: is required with --input-price/);
    await rm(join(folder, "item_attributes.jsonl"));
    expect((await run("--data", folder)).output).toMatch(
      /Error: dmrec profiles: --data: .* has no table of items with titles or texts, no item_attributes/,
    );
  });
});
