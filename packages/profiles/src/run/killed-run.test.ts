import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { generateItemProfiles, type ItemProfilesOptions } from "../generate-item-profiles";
import { openProfileStore } from "../store/profile-store";
import { startScript } from "../testing/child-process";
import {
  dropped,
  failure,
  modelAt,
  type OpenAiServer,
  profile,
  type ServedCall,
  type ServerReply,
  startOpenAiServer,
  text,
  withoutChoice,
} from "../testing/openai-server";
import type { ProfileReport } from "./profile-report";

const count = 300;
const concurrency = 32;
const fitting = JSON.stringify({ sufficient: true, summary: "Fond of wit.", reasoning: "The title." });
const outages: readonly ServerReply[] = [
  failure(429, "slow down"),
  failure(429, "slow down", { headers: { "retry-after-ms": "5" } }),
  failure(500),
  dropped,
];
const misfits: readonly ServerReply[] = [
  withoutChoice,
  text("Here is your profile: a fine book."),
  text(fitting.slice(0, 40), "length"),
  text(""),
];

/** Runs `use` beside a server that answers by `respond`, and with the folder of a store. */
async function withServer(
  respond: (call: ServedCall) => ServerReply | Promise<ServerReply>,
  use: (server: OpenAiServer, folder: string) => Promise<void>,
): Promise<void> {
  const server = await startOpenAiServer(respond);
  const folder = await mkdtemp(join(tmpdir(), "dmrec-killed-"));
  try {
    await use(server, folder);
  } finally {
    await server.close();
    await rm(folder, { recursive: true });
  }
}

const prices = { inputPerMillion: 1000, outputPerMillion: 4000 };

/** A run like that of the script, in this process. */
async function runHere(
  { url }: OpenAiServer,
  folder: string,
  { count, ...options }: Partial<ItemProfilesOptions> & { readonly count: number },
): Promise<ProfileReport> {
  const store = await openProfileStore(folder);
  const items = Array.from({ length: count }, (_, index) => ({ title: `Book ${index}` }));
  try {
    const run = { model: modelAt(url), store, items, retryDelay: 0.005 };
    return (await generateItemProfiles({ ...run, ...options })).report;
  } finally {
    await store.close();
  }
}

const titleSchema = z.object({ title: z.string() });

const slowly = async () => {
  await sleep(5);
  return profile("Fond of wit.");
};

describe.concurrent("a run in a process of its own", () => {
  it("completes over a bad service and two kills, and pays each result once", () => {
    const served = new Map<string, number>();
    const misled = new Set<string>();
    let [calls, faulty] = [0, 0];
    const respond = ({ data }: ServedCall): ServerReply => {
      const { title } = titleSchema.parse(data);
      calls += 1;
      // One call in five, whatever it is for.
      if (calls % 5 === 0) {
        faulty += 1;
        // An item that always gets replies which do not fit is given up, rightly.
        if (faulty % 2 === 0 || misled.has(title)) return outages[faulty % outages.length];
        misled.add(title);
        return misfits[Math.floor(faulty / 2) % misfits.length];
      }
      served.set(title, (served.get(title) ?? 0) + 1);
      return calls % 2 === 0 ? text(`\`\`\`json\n${fitting}\n\`\`\``) : profile(`On ${title}.`);
    };
    return withServer(respond, async (server, folder) => {
      const start = () => startScript("item-run", [server.url, folder, String(count), String(concurrency)]);
      let lost = 0;
      for (const [kills, done] of [75, 175].entries()) {
        const run = await start();
        await run.printed(new RegExp(`^${done}/${count}`, "m"));
        run.kill();
        await run.ended;
        const store = await openProfileStore(folder);
        const saved = store.profiles("default", "item").size;
        await store.close();
        expect(saved).toBeGreaterThanOrEqual(done);
        // Replies that are not saved were in flight; those of the kill before have been served again since.
        const before = lost;
        lost = [...served.values()].reduce((sum, times) => sum + times, 0) - saved;
        expect(lost - before, `kill ${kills + 1}`).toBeLessThanOrEqual(concurrency);
      }
      const report = await runHere(server, folder, { count, maxParallelCalls: concurrency });
      expect(report).toMatchObject({ ok: count, failed: [] });
      expect(report.fromStore).toBeGreaterThanOrEqual(175);
      expect(served.size).toBe(count);
      expect([...served.values()].reduce((sum, times) => sum + times, 0)).toBe(count + lost);
      expect(faulty).toBeGreaterThan(count / 5);
    });
  });

  it("stops on Ctrl-C with all that was paid, and continues from there", () => {
    let answered = 0;
    const respond = async () => {
      const reply = await slowly();
      answered += 1;
      return reply;
    };
    return withServer(respond, async (server, folder) => {
      const run = await startScript("item-run", [server.url, folder, "60", "4"]);
      await run.printed(/^20\/60/m);
      run.kill("SIGINT");
      const { code, stderr } = await run.ended;
      expect(code).toBe(1);
      expect(stderr).toMatch(/The run was interrupted\. The run stopped with (\d+) of 60 profiles/);
      expect(/stopped with (\d+)/.exec(stderr)?.[1]).toBe(String(answered));
      expect((await runHere(server, folder, { count: 60, maxParallelCalls: 4 })).ok).toBe(60);
      expect(answered).toBe(60);
    });
  });

  it("shares its work with others on one store, and pays nothing twice", () => {
    const inFlight = 4;
    const served = new Map<string, number>();
    let open = () => {};
    const allAtWork = new Promise<void>((resolve) => {
      open = resolve;
    });
    const respond = async ({ data }: ServedCall) => {
      const { title } = titleSchema.parse(data);
      await allAtWork;
      const reply = await slowly();
      served.set(title, (served.get(title) ?? 0) + 1);
      return reply;
    };
    return withServer(respond, async (server, folder) => {
      const start = () => startScript("item-run", [server.url, folder, "90", String(inFlight)]);
      const [killed, other] = await Promise.all([start(), start()]);
      await Promise.all([killed.printed(/started/), other.printed(/started/)]);
      const here = runHere(server, folder, { count: 90, maxParallelCalls: inFlight });
      open();
      await killed.printed(/^\d+\/90/m);
      // The others can make its open profiles at once.
      killed.kill();
      await killed.ended;
      expect((await other.ended).stdout).toMatch(/90 profiles: 90 ok/);
      expect((await here).ok).toBe(90);
      expect(served.size).toBe(90);
      expect(server.calls.length).toBeLessThanOrEqual(90 + inFlight);
    });
  });

  it("keeps to one ceiling with another on one store", () =>
    withServer(slowly, async (server, folder) => {
      // A call costs 0.3, and might cost 5.8: each of them has room for a few in flight.
      const other = await startScript("item-run", [server.url, folder, "60", "4", "12"]);
      const here = runHere(server, folder, { count: 60, maxParallelCalls: 4, prices, maxCost: 12 });
      await expect(here).rejects.toMatchObject({ reason: "ceiling" });
      expect((await other.ended).stderr).toMatch(/reason: 'ceiling'/);
      const store = await openProfileStore(folder);
      expect(store.ledger.spent()).toBeCloseTo(server.calls.length * 0.3);
      await store.close();
      // A run that finds the reservations of the other stops; the last one continues for as long as a call fits.
      expect(server.calls.length).toBeLessThanOrEqual(21);
      expect(server.calls.length).toBeGreaterThan(15);
    }));
});
