import { causeMessage, parseOptions } from "@dmrec/core";
import type { Job, Queue, QueueEvents } from "bullmq";
import type { Budget } from "../../calls/budget";
import { warnThroughNode } from "../../calls/call-options";
import { interrupted, ModelCallError } from "../../calls/model-call-error";
import { noUsage, type TokenUsage } from "../../calls/token-usage";
import type { ProfileRecord } from "../../profile-record";
import type { ProfileRequest } from "../profile-request";
import { mostUsageOfAll } from "../request-allowance";
import { importBullmq } from "./import-bullmq";
import { type JobOutcome, type JobSpending, jobOutcomeSchema, type ProfileJob } from "./profile-job";
import { type QueueAddress, queueAddressSchema } from "./queue-address";
import { connected, redisConnection, warnOnce } from "./redis-connection";

export interface ProfileQueueOptions extends QueueAddress {
  /**
   * Called with each warning.
   *
   * @default a warning of Node.js
   */
  readonly onWarning?: (message: string) => void;
}

export interface QueueAskOptions {
  readonly budget: Budget;
  readonly maxReasks: number;
  readonly onCalls: (calls: number, usage: TokenUsage) => void;
  readonly abortSignal: AbortSignal;
}

/**
 * A queue of profiles for workers, in BullMQ and Redis. The id of a job is the key of its request: a caller that asks for
 * the same profile again, also after a crash, waits for the same job or finds its result. Results stay in Redis until a
 * store has them.
 */
export class ProfileQueue {
  readonly #queue: Queue<ProfileJob, unknown>;
  readonly #events: QueueEvents;

  /** @internal Use {@link openProfileQueue}. */
  constructor(queue: Queue<ProfileJob, unknown>, events: QueueEvents) {
    this.#queue = queue;
    this.#events = events;
  }

  /**
   * Has a worker make a profile, and waits for it.
   *
   * @throws ModelCallError
   */
  async ask(
    request: ProfileRequest,
    { budget, maxReasks, onCalls, abortSignal }: QueueAskOptions,
  ): Promise<ProfileRecord> {
    const allowed = mostUsageOfAll(request, maxReasks);
    const { result } = await budget.pay(allowed, async () => {
      const outcome = await this.#outcome({ request, maxReasks, allowed }, abortSignal);
      onCalls(outcome.calls, outcome.usage);
      return outcome;
    });
    if (result.ok) return result.record;
    // A later run must not find the failure.
    await this.forget(request.key);
    throw new ModelCallError(result.reason, result.message, result.status);
  }

  /** Drops the job of a request, once its result is stored. */
  async forget(key: string): Promise<void> {
    await this.#queue.remove(key);
  }

  async close(): Promise<void> {
    await this.#events.close();
    await this.#queue.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #outcome(data: ProfileJob, abortSignal: AbortSignal): Promise<JobOutcome> {
    const { key } = data.request;
    /** The spending of workers on the job when it was withdrawn. */
    let spent: JobSpending | undefined;
    const withdraw = async (job: Job<ProfileJob>) => {
      spent = (await this.#queue.getJob(key))?.data.spent;
      await job.remove();
      return withdrawn(spent);
    };
    for (;;) {
      if (abortSignal.aborted) return withdrawn(spent);
      await this.#dropFailure(key);
      const removal = awaitRemoval(key, this.#events);
      const job = await this.#queue.add("profile", data, { jobId: key });
      const withdrawal = withdrawOnAbort(() => withdraw(job), abortSignal);
      try {
        const finished = job.waitUntilFinished(this.#events);
        const result: unknown = await Promise.race([finished, withdrawal.outcome, removal.removed]);
        // Withdrawn by this run or one on another store, or dropped by a run that has the result.
        if (result === removed) continue;
        return jobOutcomeSchema.parse(result);
      } catch (error) {
        if ((await this.#queue.getJob(key)) === undefined) continue;
        const message = `The queue gave no result: ${causeMessage(error)}`;
        return { result: { ok: false, reason: "unavailable", message }, calls: 0, usage: data.allowed };
      } finally {
        withdrawal.release();
        removal.release();
      }
    }
  }

  /** Removes the failure of an earlier run, which is no answer to this one. */
  async #dropFailure(key: string): Promise<void> {
    const job = await this.#queue.getJob(key);
    if (!job?.finishedOn) return;
    const outcome = jobOutcomeSchema.safeParse(job.returnvalue);
    if (!outcome.data?.result.ok) await this.forget(key);
  }
}

/**
 * Opens a queue of profiles, for the option `queue` of a run.
 *
 * @example
 * const queue = await openProfileQueue({ url: "redis://localhost:6379" });
 * await generateItemProfiles({ model, store, items, queue, maxParallelCalls: 64 });
 * await queue.close();
 *
 * @throws UnsupportedError if BullMQ is not installed.
 * @throws RuntimeError if no Redis answers.
 * @throws InvalidOptionsError
 */
export async function openProfileQueue({
  onWarning = warnThroughNode,
  ...address
}: ProfileQueueOptions): Promise<ProfileQueue> {
  const { url, name } = parseOptions("openProfileQueue", queueAddressSchema, address);
  const { Queue, QueueEvents } = await importBullmq();
  const connection = redisConnection(url);
  const queue = new Queue<ProfileJob, unknown>(name, { connection });
  const events = new QueueEvents(name, { connection });
  // Every waiting job listens to them, which is no leak.
  queue.setMaxListeners(0);
  events.setMaxListeners(0);
  const warn = warnOnce(onWarning, url);
  queue.on("error", warn);
  events.on("error", warn);
  try {
    await connected(url, Promise.all([queue.waitUntilReady(), events.waitUntilReady()]));
  } catch (error) {
    await Promise.all([queue.disconnect(), events.disconnect()]);
    throw error;
  }
  if ((await queue.getWorkersCount()) === 0)
    onWarning(`No worker listens to the queue ${JSON.stringify(name)}; the run waits for one.`);
  return new ProfileQueue(queue, events);
}

/** Withdraws a job when the run is aborted, unless a worker has it: that call is billed, and waited for. */
function withdrawOnAbort(withdraw: () => Promise<JobOutcome>, abortSignal: AbortSignal) {
  let release = () => {};
  const outcome = new Promise<JobOutcome>((resolve) => {
    const onAbort = () => withdraw().then(resolve, () => {});
    if (abortSignal.aborted) onAbort();
    abortSignal.addEventListener("abort", onAbort, { once: true });
    release = () => abortSignal.removeEventListener("abort", onAbort);
  });
  return { outcome, release };
}

const removed = Symbol("removed");

/** Resolves when a job is removed, by any process. */
function awaitRemoval(key: string, events: QueueEvents) {
  let release = () => {};
  const isRemoved = new Promise<typeof removed>((resolve) => {
    const onRemoved = ({ jobId }: { readonly jobId: string }) => {
      if (jobId === key) resolve(removed);
    };
    events.on("removed", onRemoved);
    release = () => events.off("removed", onRemoved);
  });
  return { removed: isRemoved, release };
}

function withdrawn({ calls, usage }: JobSpending = { calls: 0, usage: noUsage }): JobOutcome {
  const { reason, message } = interrupted();
  return { result: { ok: false, reason, message }, calls, usage };
}
