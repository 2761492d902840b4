import { setTimeout as sleep } from "node:timers/promises";
import { asTrainingSplit, interactionMatrix } from "@dmrec/data";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { hasRedis, startRedis } from "../../../../../testing/redis-server";
import { generateFurtherProfiles } from "../../generate-further-profiles";
import { generateItemChoices } from "../../generate-item-choices";
import { generateItemProfiles } from "../../generate-item-profiles";
import { generateItemRankings } from "../../generate-item-rankings";
import { profileSchema } from "../../profile";
import { startScript } from "../../testing/child-process";
import { failure, insufficient, modelAt, profile, type ServedCall, text } from "../../testing/openai-server";
import { withService } from "../../testing/with-service";
import { openProfileQueue, type ProfileQueue } from "./profile-queue";
import { type ProfileWorkerOptions, startProfileWorker } from "./profile-worker";

const items = Array.from({ length: 24 }, (_, index) => ({ title: `Book ${index}` }));
const prices = { inputPerMillion: 1000, outputPerMillion: 4000 };
const costOfCall = 0.3;

const titleOf = ({ data }: ServedCall) => z.object({ title: z.string() }).parse(data).title;

describe.skipIf(!hasRedis)("a queue of profiles (skipped where redis-server is not installed)", () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let names = 0;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());

  /** Runs `use` with a queue of its own and, if there are options, a worker in this process. */
  async function withQueue(
    use: (queue: ProfileQueue, name: string) => Promise<void>,
    worker?: Omit<ProfileWorkerOptions, "url" | "name">,
  ): Promise<void> {
    names += 1;
    const name = `test-${names}`;
    const running =
      worker && (await startProfileWorker({ url: redis.url, name, retryDelay: 0.005, ...worker }));
    const queue = await openProfileQueue({ url: redis.url, name, onWarning: () => {} });
    try {
      await use(queue, name);
    } finally {
      await queue[Symbol.asyncDispose]();
      await running?.[Symbol.asyncDispose]();
    }
  }

  it.concurrent("has workers make profiles, and counts what they took", () =>
    withService(
      ({ earlier }) => (earlier === 0 ? text("A fine book.") : profile("Fond of wit.")),
      ({ run, server, model, store }) =>
        withQueue(
          async (queue) => {
            const { report } = await generateItemProfiles({ ...run, items, queue, prices });
            expect(report).toMatchObject({ ok: 24, calls: 48, failed: [] });
            expect(report.usage).toEqual({ inputTokens: 4800, outputTokens: 2400 });
            expect(store.ledger.spent()).toBeCloseTo(48 * costOfCall);
            const again = await generateItemProfiles({ ...run, items, queue });
            expect(again.report).toMatchObject({ fromStore: 24, calls: 0 });
            expect(server.calls).toHaveLength(48);
          },
          { model },
        ),
    ));

  it.concurrent("tells of failures like a run without a queue, and asks again in the next run", () => {
    let isDown = true;
    return withService(
      (call) => (isDown && titleOf(call) === "Book 3" ? text("A fine book.") : profile("Fond of wit.")),
      ({ run, model }) =>
        withQueue(
          async (queue) => {
            const { report } = await generateItemProfiles({ ...run, items, queue });
            expect(report.failed).toEqual([
              {
                id: "3",
                reason: "unreadable",
                message: expect.stringMatching(/No reply of 3 could be used/),
              },
            ]);
            isDown = false;
            expect((await generateItemProfiles({ ...run, items, queue })).report).toMatchObject({
              ok: 24,
              calls: 1,
            });
          },
          { model },
        ),
    );
  });

  it.concurrent("stops at once where the workers' key is refused, and keeps to the ceiling", () =>
    withService(
      () => failure(401, "wrong key"),
      ({ run, server, model }) =>
        withQueue(
          async (queue) => {
            const refused = generateItemProfiles({ ...run, items, queue, maxParallelCalls: 2 });
            await expect(refused).rejects.toMatchObject({ reason: "credentials", status: 401 });
            expect(server.calls.length).toBeLessThanOrEqual(3);
            const calls = server.calls.length;
            const poor = generateItemProfiles({ ...run, items, queue, prices, maxCost: 0.1 });
            await expect(poor).rejects.toMatchObject({ reason: "ceiling" });
            expect(server.calls).toHaveLength(calls);
          },
          { model },
        ),
    ));

  it.concurrent("has the same workers choose among items, order them and write further profiles", () =>
    withService(
      ({ system }) => {
        if (system.startsWith("You judge")) return text('{"liked":2,"disliked":1}');
        if (system.startsWith("You order")) return text('{"order":[3,1,2]}');
        return profile("Fond of wit.");
      },
      ({ run, model }) =>
        withQueue(
          async (queue) => {
            const books = items.slice(0, 4);
            const own = { ...run, queue, items: books };
            const train = asTrainingSplit(
              interactionMatrix({
                userCount: 1,
                itemCount: 4,
                users: Int32Array.of(0),
                items: Int32Array.of(0),
              }),
            );
            const { choices, report } = await generateItemChoices({ ...own, train, candidates: [[1, 2, 3]] });
            expect(report.failed).toEqual([]);
            expect(choices).toEqual([{ liked: 2, disliked: 1 }]);
            const known = { status: "ok", summary: "Likes books.", reasoning: "" } as const;
            const ranked = await generateItemRankings({
              ...own,
              userProfiles: [known],
              retrieved: [[1, 2, 3]],
            });
            expect(ranked.retrieved).toEqual([[3, 1, 2]]);
            const further = await generateFurtherProfiles({
              ...run,
              queue,
              entity: "user",
              profiles: [known],
            });
            expect(further.map(({ profiles }) => profiles[0]?.status)).toEqual(["ok", "ok", "ok"]);
          },
          { model },
        ),
    ));

  it.concurrent("refuses workers of another model or schema", () =>
    withService(
      () => profile("Fond of wit."),
      async ({ run, model, server }) => {
        const refused = (worker: Omit<ProfileWorkerOptions, "url">, message: RegExp) =>
          withQueue(
            (queue) => expect(generateItemProfiles({ ...run, items, queue })).rejects.toThrow(message),
            worker,
          );
        await refused({ model, schema: profileSchema({ maxSummaryLength: 10 }) }, /has another schema/);
        await refused(
          { model: "other/model" },
          /has the model other\/model; the run asks for local\.chat\/test/,
        );
        expect(server.calls).toHaveLength(0);
      },
    ));

  it.concurrent("takes its jobs back when the run is stopped", () =>
    withService(
      () => profile("Fond of wit."),
      ({ run, model, server }) =>
        withQueue(async (queue, name) => {
          const stop = new AbortController();
          setTimeout(() => stop.abort(), 100);
          const stopped = generateItemProfiles({ ...run, items, queue, abortSignal: stop.signal });
          await expect(stopped).rejects.toMatchObject({
            reason: "interrupted",
            report: { open: 24, cost: undefined },
          });
          const worker = await startProfileWorker({ url: redis.url, name, model });
          expect((await generateItemProfiles({ ...run, items: items.slice(0, 2), queue })).report.ok).toBe(2);
          await worker.close();
          expect(server.calls).toHaveLength(2);
        }),
    ));

  it.concurrent("finds what workers made while the run was gone", () =>
    withService(
      () => profile("Fond of wit."),
      ({ run, model, server }) =>
        // The claims of the dead run are in another store.
        withService(
          () => insufficient,
          (gone) =>
            withQueue(async (queue, name) => {
              // A run that dies leaves its jobs and asks for them again.
              const dead = await openProfileQueue({ url: redis.url, name, onWarning: () => {} });
              const few = { ...run, items: items.slice(0, 5) };
              generateItemProfiles({ ...few, store: gone.store, queue: dead }).catch(() => {});
              await sleep(100);
              await dead.close();
              const worker = await startProfileWorker({ url: redis.url, name, model });
              while (server.calls.length < 5) await sleep(10);
              await sleep(100);
              const { report } = await generateItemProfiles({ ...few, queue });
              await worker.close();
              expect(report).toMatchObject({ ok: 5, failed: [] });
              expect(server.calls).toHaveLength(5);
            }),
        ),
    ));

  it("goes on when a worker is killed, and pays each result once but those in flight", async () => {
    const concurrency = 4;
    const served = new Map<string, number>();
    await withService(
      async (call) => {
        await sleep(10);
        served.set(titleOf(call), (served.get(titleOf(call)) ?? 0) + 1);
        return profile("Fond of wit.");
      },
      async ({ run, model, server }) => {
        const killed = await startScript("profile-worker", [
          redis.url,
          server.url,
          String(concurrency),
          // A lock that a busy machine renews in time: a job of a lost lock is done and paid again.
          "2",
        ]);
        await killed.printed(/listening/);
        const queue = await openProfileQueue({ url: redis.url });
        const many = Array.from({ length: 100 }, (_, index) => ({ title: `Book ${index}` }));
        const running = generateItemProfiles({ ...run, items: many, queue, maxParallelCalls: 16 });
        while (served.size < 40) await sleep(2);
        killed.kill();
        const other = await startProfileWorker({
          url: redis.url,
          model,
          maxParallelCalls: concurrency,
          lock: 2,
        });
        const { report } = await running;
        await other.close();
        await queue.close();
        expect(report).toMatchObject({ ok: 100, failed: [] });
        const twice = [...served.values()].filter((times) => times > 1);
        expect(served.size).toBe(100);
        expect(twice.length).toBeLessThanOrEqual(concurrency);
        expect(twice.every((times) => times === 2)).toBe(true);
      },
    );
  });

  it("counts the calls of a killed worker", () =>
    withService(
      async ({ earlier }) => {
        if (earlier === 0) await sleep(1000);
        return profile("Fond of wit.");
      },
      async ({ run, model, server, store }) => {
        const killed = await startScript("profile-worker", [redis.url, server.url, "4", "0.3", "deaths"]);
        await killed.printed(/listening/);
        const queue = await openProfileQueue({ url: redis.url, name: "deaths" });
        const few = { ...run, items: items.slice(0, 4), queue };
        const running = generateItemProfiles({ ...few, prices });
        while (server.calls.length < 4) await sleep(5);
        killed.kill();
        const other = await startProfileWorker({ url: redis.url, name: "deaths", model, lock: 0.5 });
        const { report } = await running;
        await other.close();
        await queue.close();
        // The tokens of the four calls are unknown: at most 5.763 each.
        expect(report).toMatchObject({ ok: 4, calls: 4 });
        expect(server.calls).toHaveLength(8);
        expect(store.ledger.spent()).toBeGreaterThan(4 * costOfCall + 4 * 5);
        expect(store.ledger.spent()).toBeLessThan(4 * costOfCall + 4 * 6);
      },
    ));

  it.concurrent("ends a worker at once that waits for the service, and has another one make its jobs", () =>
    withService(
      ({ headers }) =>
        headers.authorization === "Bearer busy-key-0123456789"
          ? failure(429, "slow down", { headers: { "retry-after": "60" } })
          : profile("Fond of wit."),
      async ({ run, model, server }) =>
        withQueue(async (queue, name) => {
          const busy = modelAt(server.url, "busy-key-0123456789");
          const first = await startProfileWorker({ url: redis.url, name, model: busy });
          const running = generateItemProfiles({ ...run, items: items.slice(0, 3), queue, prices });
          while (server.calls.length < 1) await sleep(5);
          await sleep(50);
          await first.close();
          const second = await startProfileWorker({ url: redis.url, name, model });
          expect((await running).report).toMatchObject({ ok: 3, calls: 3, usage: { inputTokens: 300 } });
          await second.close();
        }),
    ));

  it.concurrent("makes nothing twice for two runs on one store", () =>
    withService(
      async () => {
        await sleep(5);
        return profile("Fond of wit.");
      },
      ({ run, server, model, store }) =>
        withQueue(
          async (queue, name) => {
            const other = await openProfileQueue({ url: redis.url, name });
            const runs = [
              generateItemProfiles({ ...run, items, queue, maxParallelCalls: 8, prices }),
              generateItemProfiles({ ...run, items, queue: other, maxParallelCalls: 2, prices }),
            ];
            for (const { report } of await Promise.all(runs)) expect(report.ok).toBe(24);
            await other.close();
            expect(server.calls).toHaveLength(24);
            expect(store.ledger.spent()).toBeCloseTo(24 * costOfCall);
          },
          { model },
        ),
    ));

  it.concurrent.each(["the same store", "stores of their own"])(
    "goes on when another run on %s is stopped",
    (where) =>
      withService(
        () => profile("Fond of wit."),
        ({ run, server, model }) =>
          withService(
            () => insufficient,
            ({ store }) =>
              withQueue(async (queue, name) => {
                const stop = new AbortController();
                const few = { ...run, items: items.slice(0, 4), queue };
                const stopped = generateItemProfiles({ ...few, abortSignal: stop.signal });
                const goingOn = generateItemProfiles(where === "the same store" ? few : { ...few, store });
                setTimeout(() => stop.abort(), 50);
                await expect(stopped).rejects.toMatchObject({ reason: "interrupted" });
                const worker = await startProfileWorker({ url: redis.url, name, model });
                expect((await goingOn).report.ok).toBe(4);
                await worker.close();
                expect(server.calls).toHaveLength(4);
              }),
          ),
      ),
  );

  it.concurrent("says so where there is no Redis or no worker", async () => {
    const warnings: string[] = [];
    const onWarning = (message: string) => warnings.push(message);
    const queue = await openProfileQueue({ url: redis.url, name: "nobody", onWarning });
    await queue.close();
    expect(warnings).toEqual([expect.stringMatching(/No worker listens to the queue "nobody"/)]);
  });
});
