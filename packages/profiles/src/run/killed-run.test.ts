import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { openProfileStore } from "../store/profile-store";
import { startScript } from "../testing/child-process";
import {
  dropped,
  failure,
  type OpenAiServer,
  profile,
  type ServedCall,
  type ServerReply,
  startOpenAiServer,
  text,
  withoutChoice,
} from "../testing/openai-server";

const count = 600;
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
      for (const [kills, done] of [150, 350].entries()) {
        const run = await start();
        await run.printed(new RegExp(`^${done}/${count}`, "m"));
        run.kill();
        await run.ended;
        const store = await openProfileStore(folder);
        const saved = store.profiles("default", "item").size;
        await store.close();
        expect(saved).toBeGreaterThanOrEqual(done);
        // What was served and is not saved was in flight; that of the kill before has been served again since.
        const before = lost;
        lost = [...served.values()].reduce((sum, times) => sum + times, 0) - saved;
        expect(lost - before, `kill ${kills + 1}`).toBeLessThanOrEqual(concurrency);
      }
      const { code, stdout } = await (await start()).ended;
      expect(code).toBe(0);
      const fromStore = /600 profiles: 600 ok, 0 insufficient, 0 failed \((\d+) from the store\)/.exec(
        stdout,
      );
      expect(Number(fromStore?.[1])).toBeGreaterThanOrEqual(350);
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
      const start = () => startScript("item-run", [server.url, folder, "60", "4"]);
      const run = await start();
      await run.printed(/^20\/60/m);
      run.kill("SIGINT");
      const { code, stderr } = await run.ended;
      expect(code).toBe(1);
      expect(stderr).toMatch(/The run was interrupted\. The run stopped with (\d+) of 60 profiles/);
      expect(/stopped with (\d+)/.exec(stderr)?.[1]).toBe(String(answered));
      expect((await (await start()).ended).stdout).toMatch(/60 ok/);
      expect(answered).toBe(60);
    });
  });

  it("shares its work with others on one store, and pays nothing twice", () => {
    const served = new Map<string, number>();
    const respond = async ({ data }: ServedCall) => {
      const { title } = titleSchema.parse(data);
      const reply = await slowly();
      served.set(title, (served.get(title) ?? 0) + 1);
      return reply;
    };
    return withServer(respond, async (server, folder) => {
      const start = () => startScript("item-run", [server.url, folder, "150", "4"]);
      const runs = await Promise.all([start(), start(), start()]);
      await runs[0].printed(/^50\/150/m);
      // What it is making is free for the others at once.
      runs[0].kill();
      await runs[0].ended;
      const inFlight = 4;
      for (const run of runs.slice(1)) expect((await run.ended).stdout).toMatch(/150 profiles: 150 ok/);
      expect(served.size).toBe(150);
      expect(server.calls.length).toBeLessThanOrEqual(150 + inFlight);
    });
  });

  it("keeps to one ceiling with another on one store", () =>
    withServer(slowly, async (server, folder) => {
      // A call costs 0.3, and might cost 5.8: each of them has room for a few in flight.
      const start = () => startScript("item-run", [server.url, folder, "60", "4", "12"]);
      const runs = await Promise.all([start(), start()]);
      for (const run of runs) expect((await run.ended).stderr).toMatch(/reason: 'ceiling'/);
      const store = await openProfileStore(folder);
      expect(store.ledger.spent()).toBeCloseTo(server.calls.length * 0.3);
      await store.close();
      // A run that finds the reservations of the other stops; the last one continues for as long as a call fits.
      expect(server.calls.length).toBeLessThanOrEqual(21);
      expect(server.calls.length).toBeGreaterThan(15);
    }));
});
