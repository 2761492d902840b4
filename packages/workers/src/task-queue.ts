import { createHash } from "node:crypto";
import { causeMessage } from "@dmrec/core";
import type { Job, Queue, QueueEvents } from "bullmq";
import { z } from "zod";
import { assertRedis, importBullmq, redisConnection } from "./redis";
import type { Task, TaskControl, TaskEnd, TaskPlace } from "./task";

/** The address of a queue, which its workers share. */
export interface TaskQueueAddress {
  /** The address of Redis: `redis://localhost:6379`. */
  readonly url: string;
  /** The name of the queue, without colons. */
  readonly name: string;
}

const endSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("result"), result: z.unknown() }),
  z.object({ kind: z.literal("failure"), message: z.string() }),
  z.object({ kind: z.literal("lost"), message: z.string() }),
]);
const progressSchema = z.object({ text: z.string() });

/**
 * Opens a queue in BullMQ and Redis whose workers run tasks, on any machine. The id of a job is the hash of its task: a caller that
 * runs the same task again, also after a crash, waits for the same job.
 *
 * @param onWarning Hears that no worker listens, and of errors of the connection.
 * @throws UnsupportedError if BullMQ is not installed.
 * @throws RuntimeError if no Redis answers.
 * @example
 * const place = await openTaskQueue({ url: "redis://localhost:6379", name: "my-tasks" }, console.error);
 */
export async function openTaskQueue(
  { url, name }: TaskQueueAddress,
  onWarning: (message: string) => void,
): Promise<TaskPlace> {
  const { Queue, QueueEvents } = await importBullmq();
  await assertRedis(url);
  const connection = redisConnection(url);
  const queue = new Queue<Task, unknown>(name, { connection });
  const events = new QueueEvents(name, { connection });
  // Every waiting job listens to them, which is no leak.
  queue.setMaxListeners(0);
  events.setMaxListeners(0);
  // BullMQ connects again by itself, and repeats an error with each attempt.
  queue.on("error", () => {});
  events.on("error", () => {});
  await Promise.all([queue.waitUntilReady(), events.waitUntilReady()]);
  if ((await queue.getWorkersCount()) === 0)
    onWarning(`No worker listens to the queue ${JSON.stringify(name)}; the tasks wait for one.`);
  return new TaskQueue(queue, events);
}

class TaskQueue implements TaskPlace {
  readonly #queue: Queue<Task, unknown>;
  readonly #events: QueueEvents;

  constructor(queue: Queue<Task, unknown>, events: QueueEvents) {
    this.#queue = queue;
    this.#events = events;
  }

  async run(task: Task, { signal, report }: TaskControl): Promise<TaskEnd> {
    const jobId = createHash("sha256").update(JSON.stringify(task.data)).digest("hex").slice(0, 32);
    await this.#removeEnded(jobId);
    const job = await this.#queue.add("task", task, { jobId });
    const onProgress = ({ jobId: id, data }: { readonly jobId: string; readonly data: unknown }) => {
      const progress = progressSchema.safeParse(data);
      if (id === jobId && progress.success) report(progress.data.text);
    };
    this.#events.on("progress", onProgress);
    const withdrawal = withdrawOnAbort(job, signal);
    try {
      const end: unknown = await Promise.race([job.waitUntilFinished(this.#events), withdrawal.withdrawn]);
      if (end === withdrawn) return { kind: "stopped" };
      await this.#removeEnded(jobId);
      return endSchema.parse(end);
    } catch (error) {
      await this.#removeEnded(jobId);
      return { kind: "lost", message: `the queue gave no result (${causeMessage(error)})` };
    } finally {
      withdrawal.release();
      this.#events.off("progress", onProgress);
    }
  }

  async close(): Promise<void> {
    await this.#events.close();
    await this.#queue.close();
  }

  /** Removes a job that has ended. Its task is repeated, which takes little if a checkpoint has its end. */
  async #removeEnded(jobId: string): Promise<void> {
    const job = await this.#queue.getJob(jobId);
    if (job?.finishedOn) await job.remove();
  }
}

const withdrawn = Symbol("withdrawn");

/** Withdraws a job on abort. A worker that has it already goes on. */
function withdrawOnAbort(job: Job<Task>, signal: AbortSignal) {
  let release = () => {};
  const isWithdrawn = new Promise<typeof withdrawn>((resolve) => {
    const withdraw = () => {
      const done = () => resolve(withdrawn);
      job.remove().then(done, done);
    };
    if (signal.aborted) withdraw();
    signal.addEventListener("abort", withdraw, { once: true });
    release = () => signal.removeEventListener("abort", withdraw);
  });
  return { withdrawn: isWithdrawn, release };
}
