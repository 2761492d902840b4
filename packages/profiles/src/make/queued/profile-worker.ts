import { setMaxListeners } from "node:events";
import { causeMessage, parseOptions } from "@dmrec/core";
import type { LanguageModel } from "ai";
import type { Job } from "bullmq";
import { z } from "zod";
import { type CallOptions, type CallSettings, callSchema, warnThroughNode } from "../../calls/call-options";
import { ModelCallError } from "../../calls/model-call-error";
import { modelName } from "../../calls/model-name";
import { RateLimit } from "../../calls/rate-limit";
import { sanitizedModel } from "../../calls/sanitized-model";
import { TokenAllowance } from "../../calls/token-allowance";
import { noUsage, type TokenUsage } from "../../calls/token-usage";
import { type ProfileSchema, profileSchema } from "../../profile";
import { askForProfile } from "../direct/ask-for-profile";
import { schemaOfForm } from "../known-form";
import { hashSchema, type ProfileRequest } from "../profile-request";
import { importBullmq } from "./import-bullmq";
import type { JobOutcome, ProfileJob } from "./profile-job";
import { type QueueAddress, queueAddressSchema } from "./queue-address";
import { connected, redisConnection, warnOnce } from "./redis-connection";

const workerSchema = callSchema
  .omit({ maxReasks: true })
  .extend({ lock: z.number().positive().default(30), ...queueAddressSchema.shape });

export interface ProfileWorkerOptions extends CallOptions, QueueAddress {
  /**
   * The most calls in flight at a time.
   *
   * @default 8
   */
  readonly maxParallelCalls?: number | undefined;
  /**
   * Seconds after which another worker takes over the job of one that died.
   *
   * @default 30
   */
  readonly lock?: number | undefined;
  /** The model of the run. */
  readonly model: LanguageModel;
  /**
   * The schema of runs that take one. Choices among items, orders of them and further profiles have their own.
   *
   * @default profileSchema()
   */
  readonly schema?: ProfileSchema;
  /**
   * Keys and tokens to keep out of errors and replies, beyond those of the environment.
   *
   * @default []
   */
  readonly secrets?: readonly string[];
  /**
   * Called with each warning.
   *
   * @default a warning of Node.js
   */
  readonly onWarning?: (message: string) => void;
}

export interface ProfileWorker {
  /** Begins no further call, and waits for those in flight. Jobs that need more calls go back to the queue. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The number of dead workers after which a job is given up: it may be what kills them. */
const maximumDeaths = 5;

/**
 * Makes the profiles that runs put into a queue, until it is closed. Any number of workers may serve a queue; they need no
 * access to the store.
 *
 * @example
 * const worker = await startProfileWorker({ url: "redis://queue:6379", model, requestsPerMinute: 500 });
 * process.once("SIGTERM", () => worker.close());
 *
 * @throws UnsupportedError if BullMQ is not installed.
 * @throws RuntimeError if no Redis answers.
 * @throws InvalidOptionsError
 */
export async function startProfileWorker(options: ProfileWorkerOptions): Promise<ProfileWorker> {
  const { model, schema = profileSchema(), secrets = [], onWarning = warnThroughNode, ...rest } = options;
  const { url, name, lock, ...settings } = parseOptions("startProfileWorker", workerSchema, rest);
  const { WaitingError, Worker } = await importBullmq();
  const stop = new AbortController();
  // Every call in flight listens to it, which is no leak.
  setMaxListeners(0, stop.signal);
  const answerer = new JobAnswerer({
    settings,
    model,
    sanitized: await sanitizedModel(model, onWarning, secrets),
    schema,
    limit: new RateLimit(settings),
    secrets,
    abortSignal: stop.signal,
  });
  const answerJob = async (job: Job<ProfileJob>, token: string | undefined): Promise<JobOutcome> => {
    const outcome = await answerer.answer(job);
    if (outcome.result.ok || outcome.result.reason !== "interrupted") return outcome;
    // This worker closes; another one takes over.
    await job.moveToWait(token);
    throw new WaitingError();
  };
  const worker = new Worker<ProfileJob, JobOutcome>(name, answerJob, {
    connection: redisConnection(url),
    concurrency: settings.maxParallelCalls,
    lockDuration: lock * 1000,
    stalledInterval: lock * 1000,
    maxStalledCount: maximumDeaths,
  });
  worker.on("error", warnOnce(onWarning, url));
  try {
    await connected(url, worker.waitUntilReady());
  } catch (error) {
    await worker.disconnect();
    throw error;
  }
  const close = async () => {
    // In this order, so that this worker does not take jobs back that it returns to the queue.
    const closed = worker.close();
    stop.abort();
    await closed;
  };
  return { close, [Symbol.asyncDispose]: close };
}

interface AnswererOptions {
  readonly settings: Omit<CallSettings, "maxReasks">;
  readonly model: LanguageModel;
  /** The model that is called. */
  readonly sanitized: LanguageModel;
  readonly schema: ProfileSchema;
  readonly limit: RateLimit;
  readonly secrets: readonly string[];
  readonly abortSignal: AbortSignal;
}

/** Makes the calls of jobs, and keeps with each job what they have spent. */
class JobAnswerer {
  readonly #options: AnswererOptions;

  constructor(options: AnswererOptions) {
    this.#options = options;
  }

  /** @throws any error that is not of a call. */
  async answer(job: Job<ProfileJob>): Promise<JobOutcome> {
    const { settings, model, sanitized, limit, secrets, abortSignal } = this.#options;
    const { request, maxReasks, allowed, spent } = job.data;
    const schema = request.form ? schemaOfForm(request.form) : this.#options.schema;
    let calls = spent?.calls ?? 0;
    // Kept before each call, so that the next worker counts a call that this one leaves unanswered.
    const keep = (usage: TokenUsage) => keepSpending(job, { calls, usage });
    const budget = new TokenAllowance(allowed, spent?.usage ?? noUsage, keep);
    const outcome = (result: JobOutcome["result"]) => ({ result, calls, usage: budget.used });
    try {
      assertSameProfile(request, modelName(model), hashSchema(schema));
      const record = await askForProfile(request, {
        ...settings,
        maxReasks,
        model: sanitized,
        schema,
        limit,
        secrets,
        abortSignal,
        budget,
        onCalls: () => {
          calls += 1;
        },
      });
      return outcome({ ok: true, record });
    } catch (error) {
      if (!ModelCallError.isInstance(error)) throw error;
      const { reason, message, status } = error;
      return outcome({ ok: false, reason, message, status });
    }
  }
}

/** @throws ModelCallError, because without the record one call more might be one too many. */
async function keepSpending(job: Job<ProfileJob>, spent: Required<ProfileJob>["spent"]): Promise<void> {
  try {
    await job.updateData({ ...job.data, spent });
  } catch (error) {
    const message = `The queue does not keep what is spent: ${causeMessage(error)}`;
    throw new ModelCallError("unavailable", message);
  }
}

/** @throws ModelCallError if the worker would answer another question than the run asks. */
function assertSameProfile(request: ProfileRequest, model: string, schemaHash: string): void {
  if (request.model !== model) {
    const message = `The worker has the model ${model}; the run asks for ${request.model}`;
    throw new ModelCallError("model", message);
  }
  if (request.schemaHash !== schemaHash)
    throw new ModelCallError("model", "The worker has another schema than the run");
}
