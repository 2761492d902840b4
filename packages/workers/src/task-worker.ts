import type { Job } from "bullmq";
import { assertRedis, importBullmq, redisConnection } from "./redis";
import type { Task, TaskEnd, TaskPlace } from "./task";
import type { TaskQueueAddress } from "./task-queue";

export interface TaskWorkerOptions extends TaskQueueAddress {
  /** Runs the tasks that this worker takes. */
  readonly place: TaskPlace;
  /** The number of tasks at a time. */
  readonly atATime: number;
  readonly report: (text: string) => void;
  /** Seconds after which another worker takes over the task of one that was killed. @default 30 */
  readonly lock?: number;
}

export interface TaskWorker {
  /** Takes no further task, and gives those in progress back to the queue when they are saved. */
  close(): Promise<void>;
}

/** The number of killed workers after which a task is given up: it may be what kills them. */
const maximumDeaths = 5;

/**
 * Runs the tasks of a queue until it is closed.
 *
 * @throws UnsupportedError if BullMQ is not installed.
 * @throws RuntimeError if no Redis answers.
 * @example
 * const worker = await startTaskWorker({ url, name: "my-tasks", place: localProcesses({ file }), atATime: 2, report: console.log });
 * process.once("SIGTERM", () => worker.close());
 */
export async function startTaskWorker({
  url,
  name,
  place,
  atATime,
  report,
  lock = 30,
}: TaskWorkerOptions): Promise<TaskWorker> {
  const { WaitingError, Worker } = await importBullmq();
  await assertRedis(url);
  const stop = new AbortController();
  const runJob = async (job: Job<Task>, token: string | undefined): Promise<TaskEnd> => {
    report(`${job.data.label}: started`);
    const reportToAll = (text: string) => {
      report(text);
      // A report that is lost is no harm.
      job.updateProgress({ text }).catch(() => {});
    };
    const end = await place.run(job.data, { signal: stop.signal, report: reportToAll });
    report(`${job.data.label}: ${end.kind === "result" ? "finished" : end.kind}`);
    if (end.kind !== "stopped") return end;
    // This worker closes; another one takes over.
    await job.moveToWait(token);
    throw new WaitingError();
  };
  const worker = new Worker<Task, TaskEnd>(name, runJob, {
    connection: redisConnection(url),
    concurrency: atATime,
    lockDuration: lock * 1000,
    stalledInterval: lock * 1000,
    maxStalledCount: maximumDeaths,
  });
  // BullMQ connects again by itself.
  worker.on("error", () => {});
  await worker.waitUntilReady();
  return {
    async close() {
      // In this order, so that this worker does not take tasks back that it returns to the queue.
      const closed = worker.close();
      stop.abort();
      await closed;
      await place.close();
    },
  };
}
