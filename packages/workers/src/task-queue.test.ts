import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RuntimeError } from "@dmrec/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasRedis, startRedis } from "../../../testing/redis-server";
import { type FinishedTask, openTaskQueue, runTasks, startTaskWorker, type Task } from "./index";
import { countingProcesses, countingTask } from "./testing/counting";

it("names the address of a Redis that does not answer, without its password", async () => {
  const address = { url: "redis://user:secret@127.0.0.1:1", name: "nothing" };
  const error = await openTaskQueue(address, () => {}).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(RuntimeError);
  expect(String(error)).toMatch(/no Redis answers at 127\.0\.0\.1:1 \(/);
  expect(String(error)).not.toMatch(/secret/);
});

describe.skipIf(!hasRedis)("a queue of tasks (skipped where redis-server is not installed)", () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let folder: string;
  beforeAll(async () => {
    redis = await startRedis();
    folder = await mkdtemp(join(tmpdir(), "dmrec-queue-"));
  });
  afterAll(async () => {
    await redis.close();
    await rm(folder, { recursive: true });
  });

  const task = (name: string, until: number, more: { failure?: string } = {}) =>
    countingTask(name, { file: join(folder, name), until, ...more });
  const startWorker = (name: string, report: (text: string) => void = () => {}) =>
    startTaskWorker({ url: redis.url, name, place: countingProcesses(), atATime: 1, report, lock: 2 });
  async function run(
    name: string,
    tasks: readonly Task[],
    abortSignal = new AbortController().signal,
    onWarning: (warning: string) => void = () => {},
  ) {
    const [ends, reports]: [FinishedTask[], string[]] = [[], []];
    const place = await openTaskQueue({ url: redis.url, name }, onWarning);
    try {
      const ended = await runTasks(tasks, {
        place,
        atATime: tasks.length,
        abortSignal,
        report: (text) => reports.push(text),
        onEnd: async (end, index) => {
          ends[index] = end;
        },
      });
      return { ended, ends, reports: reports.join("\n") };
    } finally {
      await place.close();
    }
  }
  const counted = (until: number) => ({ kind: "result", result: { counted: until } });

  it("has workers run tasks, says that none listens, and runs equal tasks again", async () => {
    let running: ReturnType<typeof run> | undefined;
    const warning = await new Promise<string>((resolve) => {
      running = run("plain", [task("a", 4), task("b", 5)], undefined, resolve);
    });
    expect(warning).toBe('No worker listens to the queue "plain"; the tasks wait for one.');
    const workers = [await startWorker("plain"), await startWorker("plain")];
    const finished = await running;
    expect(finished?.ends).toEqual([counted(4), counted(5)]);
    expect(finished?.reports).toMatch(/^b \(process \d+\): count \d from 0$/m);
    const again = await run("plain", [task("a", 4), task("failing", 1, { failure: "no such data" })]).catch(
      (error: unknown) => error,
    );
    expect(again).toEqual(new RuntimeError("failing: no such data"));
    expect((await run("plain", [task("a", 4)])).ends).toEqual([counted(4)]);
    for (const worker of workers) await worker.close();
  });

  it("gives the task of a worker that closes to another one, which continues it", async () => {
    let isStarted = () => {};
    const started = new Promise<void>((resolve) => {
      isStarted = resolve;
    });
    const first = await startWorker("closing", (text) => /count 5 /.test(text) && isStarted());
    const running = run("closing", [task("c", 60)]);
    await started;
    await first.close();
    const second = await startWorker("closing");
    const { ends, reports } = await running;
    await second.close();
    expect(ends).toEqual([counted(60)]);
    expect(reports).toMatch(/count \d+ from [5-9]/);
  });

  it("withdraws on a stop what no worker has", async () => {
    const controller = new AbortController();
    const running = run("stopped", [task("d", 5)], controller.signal);
    controller.abort();
    expect((await running).ended).toBe(0);
    const worker = await startWorker("stopped");
    expect((await run("stopped", [task("e", 2)])).ends).toEqual([counted(2)]);
    await worker.close();
  });
});
