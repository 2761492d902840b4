import type { Job, Queue, QueueEvents } from "bullmq";
import { maximumProblem, mostUsage, raise } from "../calls/ask-for-profile";
import type { Budget } from "../calls/budget";
import { interrupted, ModelCallError } from "../calls/model-call-error";
import type { ProfileRequest } from "../calls/profile-request";
import { warnThroughNode } from "../run/run-options";
import { noUsage, type ProfileRecord, type TokenUsage } from "../store/profile-record";
import { importBullmq } from "./import-bullmq";
import { type JobOutcome, type JobSpending, jobOutcomeSchema, type ProfileJob } from "./profile-job";
import { connected, redisConnection, warnOnce } from "./redis-connection";

export interface ProfileQueueOptions {
  /** Where Redis is: `redis://localhost:6379`. */
  readonly url: string;
  /** Default: `dmrec-profiles`. */
  readonly name?: string;
  readonly onWarning?: (message: string) => void;
}

export interface QueueAskOptions {
  readonly budget: Budget;
  readonly maximumReasks: number;
  readonly onCalls: (calls: number, usage: TokenUsage) => void;
  readonly signal: AbortSignal;
}

/**
 * Has workers make profiles, through BullMQ and Redis. A job's id is the key of its request: whoever asks for the same
 * profile again, after a crash too, waits for the same job or finds its result, which stays in Redis until a store has it.
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
    { budget, maximumReasks, onCalls, signal }: QueueAskOptions,
  ): Promise<ProfileRecord> {
    const allowed = allowanceOf(request, maximumReasks);
    const { result } = await budget.pay(allowed, async () => {
      const outcome = await this.#outcome({ request, maximumReasks, allowed }, signal);
      onCalls(outcome.calls, outcome.usage);
      return outcome;
    });
    if (result.ok) return result.record;
    // A failure is not to be found again by a later run.
    await this.forget(request.key);
    throw new ModelCallError(result.reason, result.message, result.status);
  }

  /** Drops what the queue knows of a request: its result is in a store. */
  async forget(key: string): Promise<void> {
    await this.#queue.remove(key);
  }

  async close(): Promise<void> {
    await this.#events.close();
    await this.#queue.close();
  }

  async #outcome(data: ProfileJob, signal: AbortSignal): Promise<JobOutcome> {
    const { key } = data.request;
    /** What workers had spent on the job when it was taken back. */
    let spent: JobSpending | undefined;
    const takeBack = async (job: Job<ProfileJob>) => {
      spent = (await this.#queue.getJob(key))?.data.spent;
      await job.remove();
      return withdrawn(spent);
    };
    for (;;) {
      if (signal.aborted) return withdrawn(spent);
      await this.#dropFailure(key);
      const removal = removalOf(key, this.#events);
      const job = await this.#queue.add("profile", data, { jobId: key });
      const withdraw = withdrawal(() => takeBack(job), signal);
      try {
        const finished = job.waitUntilFinished(this.#events);
        const result: unknown = await Promise.race([finished, withdraw.outcome, removal.removed]);
        // Taken back, or a run of another store has done so, or has its result and needs the job no more.
        if (result === removed) continue;
        return jobOutcomeSchema.parse(result);
      } catch (error) {
        if ((await this.#queue.getJob(key)) === undefined) continue;
        const reason = error instanceof Error ? error.message : String(error);
        const message = `The queue gave no result: ${reason}`;
        return { result: { ok: false, reason: "unavailable", message }, calls: 0, usage: data.allowed };
      } finally {
        withdraw.release();
        removal.release();
      }
    }
  }

  /** A failure that an earlier run left behind is no answer to this one. */
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
 * @throws DMRecError where BullMQ is not installed or no Redis answers.
 */
export async function openProfileQueue({
  url,
  name = "dmrec-profiles",
  onWarning = warnThroughNode,
}: ProfileQueueOptions): Promise<ProfileQueue> {
  const { Queue, QueueEvents } = await importBullmq();
  const connection = redisConnection(url);
  const queue = new Queue<ProfileJob, unknown>(name, { connection });
  const events = new QueueEvents(name, { connection });
  // Every job that is waited for listens to them, which is no leak.
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

/** The most that a job may take: every call asks again, and for the raised number of tokens. */
function allowanceOf(request: ProfileRequest, maximumReasks: number): TokenUsage {
  const { inputTokens, outputTokens } = mostUsage(request);
  const calls = maximumReasks + 2;
  // A character is at most four bytes; the rest are the words around the problem.
  const correction = 4 * maximumProblem + 100;
  return { inputTokens: calls * (inputTokens + correction), outputTokens: calls * raise * outputTokens };
}

/** Takes a job back when the run is stopped, unless a worker has it already: that call is paid, and waited for. */
function withdrawal(takeBack: () => Promise<JobOutcome>, signal: AbortSignal) {
  let release = () => {};
  const outcome = new Promise<JobOutcome>((resolve) => {
    const withdraw = () => takeBack().then(resolve, () => {});
    if (signal.aborted) withdraw();
    signal.addEventListener("abort", withdraw, { once: true });
    release = () => signal.removeEventListener("abort", withdraw);
  });
  return { outcome, release };
}

const removed = Symbol("removed");

/** That a job is removed, by whomever. */
function removalOf(key: string, events: QueueEvents) {
  let release = () => {};
  const isRemoved = new Promise<typeof removed>((resolve) => {
    const tell = ({ jobId }: { readonly jobId: string }) => {
      if (jobId === key) resolve(removed);
    };
    events.on("removed", tell);
    release = () => events.off("removed", tell);
  });
  return { removed: isRemoved, release };
}

function withdrawn({ calls, usage }: JobSpending = { calls: 0, usage: noUsage }): JobOutcome {
  const { reason, message } = interrupted();
  return { result: { ok: false, reason, message }, calls, usage };
}
