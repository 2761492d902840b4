import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { expect, it } from "vitest";
import { openProfileStore } from "../store/profile-store";
import { startScript } from "../testing/child-process";
import { embeddingsServer, type Misbehaviour } from "../testing/embeddings-server";
import { type EmbedProfilesOptions, embedProfiles } from "./embed-profiles";

const key = "k3y-that-nobody-may-see-5d1f";
const count = 200;
const profiles = Array.from({ length: count }, (_, index) => `text ${index}`);

type Server = Awaited<ReturnType<typeof embeddingsServer>>;

/** Runs a test's `use` beside a server and with a folder for a store, which `embed` opens. */
async function withService(
  misbehave: Misbehaviour,
  use: (
    embed: (options?: Partial<EmbedProfilesOptions>) => ReturnType<typeof embedProfiles>,
    server: Server,
    folder: string,
  ) => Promise<void>,
): Promise<void> {
  const server = await embeddingsServer(misbehave);
  const folder = await mkdtemp(join(tmpdir(), "dmrec-killed-"));
  const provider = createOpenAICompatible({ name: "local", baseURL: server.url, apiKey: key });
  const model = provider.embeddingModel("test");
  const embed = async (options: Partial<EmbedProfilesOptions> = {}) => {
    const store = await openProfileStore(folder);
    try {
      return await embedProfiles({ model, store, profiles, retryDelay: 0.005, ...options });
    } finally {
      await store.close();
    }
  };
  try {
    await use(embed, server, folder);
  } finally {
    await server.close();
    await rm(folder, { recursive: true });
  }
}

it("an embedding run that was killed goes on: only what was in flight is paid again", () =>
  withService(
    async () => {
      await sleep(5);
    },
    async (embed, { url, requests }, folder) => {
      const run = await startScript("embedding-run", [url, folder, String(count), "4"]);
      await run.printed(/^75\/200$/m);
      run.kill();
      await run.ended;
      const inFlight = 4 * 5;
      const served = requests.reduce((sum, { texts }) => sum + texts.length, 0);
      expect(served).toBeLessThan(count);
      const { report } = await embed();
      expect(report.fromStore).toBeGreaterThanOrEqual(Math.max(75, served - inFlight));
      expect(report.fromStore + report.embedded).toBe(count);
      expect((await embed()).report).toMatchObject({ fromStore: count, calls: 0 });
    },
  ));

it("a key is in neither error nor store after a service that quotes it", () =>
  withService(
    ({ authorization }, response, calls) => {
      if (calls !== 2) return undefined;
      response.writeHead(401, { "content-type": "application/json" });
      return { error: { message: `Incorrect API key provided: ${authorization}` } };
    },
    async (embed, { requests }, folder) => {
      const error = await embed({ maxParallelCalls: 1, secrets: [key] }).catch((cause: unknown) => cause);
      expect(requests.map(({ authorization }) => authorization)).toEqual(Array(3).fill(`Bearer ${key}`));
      const said = inspect(error, { depth: 20, showHidden: true });
      expect(said).toMatch(/refuses the key/);
      expect(said).not.toContain(key);
      const files = await readdir(folder);
      const bytes = await Promise.all(files.map((file) => readFile(join(folder, file), "latin1")));
      expect(bytes.join("").length).toBeGreaterThan(10_000);
      expect(bytes.join("")).not.toContain(key);
    },
  ));
