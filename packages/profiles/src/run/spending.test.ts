import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { describeEstimate } from "../calls/call-estimate";
import { generateItemProfiles, type ItemProfilesOptions } from "../generate-item-profiles";
import { dropped, profile, text, withoutUsage } from "../testing/openai-server";
import { withService } from "../testing/with-service";
import { describeProgress, describeReport, type ProfileProgress } from "./profile-report";
import { ProfileRunError } from "./profile-run-error";

const items = Array.from({ length: 20 }, (_, index) => ({ title: `Book ${index}` }));
/** A call of the server takes 100 tokens in and 50 out. */
const prices = { inputPerMillion: 1000, outputPerMillion: 4000 };
const costOfCall = 0.1 + 0.2;

/** The most that a call may cost, by the error of a run that may not spend anything. */
async function mostOfCall(options: ItemProfilesOptions): Promise<number> {
  const refusal: unknown = await generateItemProfiles({ ...options, maxCost: 0 }).catch(
    (error: unknown) => error,
  );
  return Number(/might cost up to ([\d.]+)/.exec(String(refusal))?.[1]);
}

describe.concurrent("a run's spending", () => {
  it("is estimated without a call", () =>
    withService(
      () => profile("Fond of wit."),
      async ({ run, server }) => {
        const { report, profiles } = await generateItemProfiles({ ...run, items, prices, dryRun: true });
        expect(server.calls).toHaveLength(0);
        expect(profiles).toHaveLength(20);
        expect(report).toMatchObject({ open: 20, calls: 0, cost: 0, estimate: { calls: 20 } });
        const { inputTokens, outputTokens, cost } = report.estimate;
        expect(inputTokens / 20).toBeGreaterThan(200);
        expect(inputTokens / 20).toBeLessThan(1500);
        expect(cost).toBeCloseTo((inputTokens * 1000 + outputTokens * 4000) / 1e6);
        expect(describeEstimate(report.estimate)).toMatch(
          /^20 calls, about \d+ tokens in and 4000 out, cost/,
        );
      },
    ));

  it("is what the calls took, those included whose reply did not fit", () =>
    withService(
      ({ earlier }) => (earlier === 0 ? text("A fine book.") : profile("Fond of wit.")),
      async ({ run, store }) => {
        const { report } = await generateItemProfiles({ ...run, items, prices });
        expect(report).toMatchObject({ calls: 40, usage: { inputTokens: 4000, outputTokens: 2000 } });
        expect(report.cost).toBeCloseTo(40 * costOfCall);
        expect(store.ledger.spent()).toBeCloseTo(40 * costOfCall);
        expect(describeReport(report)).toMatch(/20 ok, 0 insufficient, 0 failed.*\n40 calls.*cost 12\.0000/);
      },
    ));

  it.each([1, 8])(
    "never passes its ceiling, with %i calls at a time, over several runs",
    (maxParallelCalls) =>
      withService(
        async () => {
          await sleep(2);
          return profile("Fond of wit.");
        },
        async ({ run, server, store }) => {
          const options = { ...run, items, prices, maxParallelCalls };
          const generate = (maxCost: number) =>
            generateItemProfiles({ ...options, maxCost }).catch((error: unknown) => error);
          const most = await mostOfCall(options);
          expect(most).toBeGreaterThan(costOfCall);
          const ceiling = most + 5.5 * costOfCall;
          for (const _ of [1, 2]) {
            const error = await generate(ceiling);
            expect(ProfileRunError.isInstance(error) && error.reason).toBe("ceiling");
          }
          // Calls go on for as long as the next one fits for certain, whatever was reserved beside it.
          expect(server.calls).toHaveLength(6);
          expect(store.ledger.spent()).toBeCloseTo(6 * costOfCall);
          expect(await generate(1000)).toMatchObject({ report: { ok: 20, calls: 14 } });
        },
      ),
  );

  it("counts the most where a service does not tell, or gives no answer", () =>
    withService(
      ({ earlier }) =>
        earlier === 0 ? dropped : withoutUsage('{"sufficient":true,"summary":"a","reasoning":"b"}'),
      async ({ run, store }) => {
        const { report } = await generateItemProfiles({ ...run, items: items.slice(0, 1), prices });
        expect(report.usage).toEqual({ inputTokens: 0, outputTokens: 0 });
        expect(store.ledger.spent()).toBeGreaterThan(2 * costOfCall);
        expect(report.cost).toBeCloseTo(store.ledger.spent());
      },
    ));
});

it.concurrent("a call's time begins when there is money for it", () =>
  withService(
    async () => {
      await sleep(850);
      return profile("Fond of wit.");
    },
    async ({ run, server, store }) => {
      const options = { ...run, items: items.slice(0, 2), prices, maxParallelCalls: 2, maxRetries: 0 };
      // Enough for one call at a time.
      const maxCost = (await mostOfCall(options)) + 1.5 * costOfCall;
      const { report } = await generateItemProfiles({ ...options, maxCost, timeout: 1.5 });
      expect(report).toMatchObject({ ok: 2, failed: [] });
      expect(server.calls).toHaveLength(2);
      expect(store.ledger.spent()).toBeCloseTo(2 * costOfCall);
    },
  ));

describe.concurrent("a run in progress", () => {
  it("tells how far it is, at what rate and cost, and how long it will take", () =>
    withService(
      () => profile("Fond of wit."),
      async ({ run }) => {
        const reported: ProfileProgress[] = [];
        await generateItemProfiles({ ...run, items: items.slice(0, 5) });
        await generateItemProfiles({
          ...run,
          items,
          prices,
          onProgress: (progress) => reported.push(progress),
        });
        expect(reported.map(({ done }) => done)).toEqual(Array.from({ length: 15 }, (_, index) => index + 6));
        expect(reported.at(-1)).toMatchObject({ total: 20, failed: 0, secondsLeft: 0 });
        expect(reported.at(-1)?.cost).toBeCloseTo(15 * costOfCall);
        expect(reported[10].callsPerMinute).toBeGreaterThan(60);
        expect(reported[10].secondsLeft).toBeGreaterThan(0);
        expect(describeProgress(reported[10])).toMatch(
          /^16\/20, \d+ calls a minute, cost \d\.\d{4}, \d+ s left$/,
        );
      },
    ));

  it("ends the calls in flight when it is stopped, and keeps them", () => {
    const stop = new AbortController();
    const stopped = once(stop.signal, "abort");
    let calls = 0;
    return withService(
      async () => {
        calls += 1;
        // The second four end after the stop, however busy the machine is.
        if (calls === 8) stop.abort();
        else if (calls > 4) await stopped;
        await sleep(100);
        return profile("Fond of wit.");
      },
      async ({ run, server, store }) => {
        const running = generateItemProfiles({
          ...run,
          items,
          maxParallelCalls: 4,
          abortSignal: stop.signal,
        });
        const stopped = await running.catch((error: unknown) => error);
        // Up to three others may have been sent before the eighth arrived.
        const ok = server.calls.length;
        expect([8, 9, 10, 11]).toContain(ok);
        expect(stopped).toMatchObject({ reason: "interrupted", report: { open: 20 - ok, ok } });
        expect(store.profiles("default", "item").size).toBe(ok);
        expect((await generateItemProfiles({ ...run, items })).report).toMatchObject({
          ok: 20,
          calls: 20 - ok,
        });
      },
    );
  });

  it("can be stopped while it looks what there is", () =>
    withService(
      () => profile("Fond of wit."),
      async ({ run, server }) => {
        const many = Array.from({ length: 5000 }, (_, index) => ({ title: `Book ${index}` }));
        const stop = new AbortController();
        const running = generateItemProfiles({ ...run, items: many, abortSignal: stop.signal });
        setTimeout(() => stop.abort(), 10);
        await expect(running).rejects.toMatchObject({ reason: "interrupted" });
        expect(server.calls).toHaveLength(0);
      },
    ));

  it("begins no call after it is stopped, also where calls wait for money", () =>
    withService(
      async () => {
        await sleep(100);
        return profile("Fond of wit.");
      },
      async ({ run, server, store }) => {
        const options = { ...run, items, prices, maxParallelCalls: 8 };
        const maxCost = (await mostOfCall(options)) + 8 * costOfCall;
        const stop = new AbortController();
        const running = generateItemProfiles({ ...options, maxCost, abortSignal: stop.signal });
        while (server.calls.length === 0) await sleep(2);
        stop.abort();
        const atStop = server.calls.length;
        await expect(running).rejects.toMatchObject({ reason: "interrupted", report: { ok: atStop } });
        expect(server.calls).toHaveLength(atStop);
        expect(store.ledger.spent()).toBeCloseTo(atStop * costOfCall);
      },
    ));

  it("stops, and keeps the calls in flight, where onProgress throws", () =>
    withService(
      async () => {
        await sleep(20);
        return profile("Fond of wit.");
      },
      async ({ run, server, store }) => {
        const onProgress = () => {
          throw new Error("of the caller");
        };
        const running = generateItemProfiles({ ...run, items, maxParallelCalls: 4, onProgress });
        await expect(running).rejects.toThrow("of the caller");
        const calls = server.calls.length;
        expect(calls).toBeLessThan(8);
        expect(store.profiles("default", "item").size).toBe(calls);
        await sleep(100);
        expect(server.calls).toHaveLength(calls);
      },
    ));

  it("does not wait for a service that asks to wait when it is stopped", () =>
    withService(
      () => (response) => response.writeHead(429, { "retry-after": "60" }).end("{}"),
      async ({ run }) => {
        const stop = new AbortController();
        const running = generateItemProfiles({ ...run, items, abortSignal: stop.signal });
        setTimeout(() => stop.abort(), 50);
        await expect(running).rejects.toMatchObject({ reason: "interrupted", report: { open: 20 } });
      },
    ));

  it("gives a call up that takes too long, and makes it again", () =>
    withService(
      async ({ earlier }) => {
        if (earlier === 0) await sleep(2000);
        return profile("Fond of wit.");
      },
      async ({ run }) => {
        const { report } = await generateItemProfiles({ ...run, items: items.slice(0, 2), timeout: 0.1 });
        expect(report.ok).toBe(2);
        expect(report.seconds).toBeLessThan(1.5);
      },
    ));

  it("keeps to the limits of requests a minute", () =>
    withService(
      () => profile("Fond of wit."),
      async ({ run, server }) => {
        const stop = new AbortController();
        const onProgress = ({ done }: { readonly done: number }) => {
          // Long enough for one call too many.
          if (done === 7) setTimeout(() => stop.abort(), 100);
        };
        const limited = { ...run, items, requestsPerMinute: 7, onProgress, abortSignal: stop.signal };
        const running = generateItemProfiles(limited);
        await expect(running).rejects.toMatchObject({ reason: "interrupted", report: { ok: 7, open: 13 } });
        expect(server.calls).toHaveLength(7);
      },
    ));
});
