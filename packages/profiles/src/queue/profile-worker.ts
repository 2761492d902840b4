import { setMaxListeners } from "node:events";
import { parseOptions } from "@dmrec/core";
import type { LanguageModel } from "ai";
import type { Job } from "bullmq";
import { z } from "zod";
import { askForProfile } from "../calls/ask-for-profile";
import { TokenAllowance } from "../calls/budget";
import { modelName } from "../calls/language-model-call";
import { ModelCallError } from "../calls/model-call-error";
import { hashSchema } from "../calls/profile-request";
import { quietModel } from "../calls/quiet-model";
import { RateLimit } from "../calls/rate-limit";
import { type ProfileSchema, profileSchema } from "../profile";
import { callSchema, warnThroughNode } from "../run/run-options";
import { noUsage, type TokenUsage } from "../store/profile-record";
import { importBullmq } from "./import-bullmq";
import type { JobOutcome, ProfileJob } from "./profile-job";
import { connected, redisConnection, warnOnce } from "./redis-connection";

const workerSchema = callSchema.omit({ maximumReasks: true }).extend({
  /** Seconds after which the job of a worker that died goes to another. */
  lock: z.number().positive().default(30),
});

export interface ProfileWorkerOptions extends z.input<typeof workerSchema> {
  /** Where Redis is: `redis://localhost:6379`. */
  readonly url: string;
  /** The queue's; default: `dmrec-profiles`. */
  readonly name?: string;
  /** The model that the run names. */
  readonly model: LanguageModel;
  /** The schema of the run; default: `profileSchema()`. */
  readonly schema?: ProfileSchema;
  /** Keys and tokens beyond those of the environment, never to appear in errors and replies. */
  readonly secrets?: readonly string[];
  readonly onWarning?: (message: string) => void;
}

export interface ProfileWorker {
  /** Begins no further call, and waits for those in flight; jobs that would need more go back to the queue. */
  close(): Promise<void>;
}

/** A job whose worker died so often is given up: it may be what kills them. */
const maximumDeaths = 5;

/**
 * Makes the profiles that runs put into a queue, until it is closed. Any number of workers may serve a queue; the store is
 * not needed where they run.
 *
 * @throws DMRecError where BullMQ is not installed or no Redis answers.
 * @throws InvalidOptionsError
 */
export async function startProfileWorker(options: ProfileWorkerOptions): Promise<ProfileWorker> {
  const {
    url,
    name = "dmrec-profiles",
    model,
    schema = profileSchema(),
    secrets = [],
    onWarning = warnThroughNode,
    ...rest
  } = options;
  const { lock, ...settings } = parseOptions("startProfileWorker", workerSchema, rest);
  const { WaitingError, Worker } = await importBullmq();
  const limit = new RateLimit(settings);
  const quiet = quietModel(model, onWarning, secrets);
  const stop = new AbortController();
  // Every call in flight listens to it, which is no leak.
  setMaxListeners(0, stop.signal);

  const answer = async (job: Job<ProfileJob>, token: string | undefined): Promise<JobOutcome> => {
    const { request, maximumReasks, allowed, spent } = job.data;
    let calls = spent?.calls ?? 0;
    // Kept with the job before each call, so that the next worker counts what this one's death leaves unanswered.
    const keep = (usage: TokenUsage) =>
      job.updateData({ ...job.data, spent: { calls, usage } }).catch((error: unknown) => {
        // Without that, one call more might be one too many.
        const reason = error instanceof Error ? error.message : String(error);
        throw new ModelCallError("unavailable", `The queue does not keep what is spent: ${reason}`);
      });
    const budget = new TokenAllowance(allowed, spent?.usage ?? noUsage, keep);
    const outcome = (result: JobOutcome["result"]) => ({ result, calls, usage: budget.used });
    try {
      assertSameProfile(request, modelName(model), hashSchema(schema));
      const record = await askForProfile(request, {
        ...settings,
        maximumReasks,
        model: quiet,
        schema,
        limit,
        secrets,
        signal: stop.signal,
        budget,
        onCalls: () => {
          calls += 1;
        },
      });
      return outcome({ ok: true, record });
    } catch (error) {
      if (!ModelCallError.isInstance(error)) throw error;
      if (error.reason === "interrupted") {
        // This worker closes; another one goes on.
        await job.moveToWait(token);
        throw new WaitingError();
      }
      const { reason, message, status } = error;
      return outcome({ ok: false, reason, message, ...(status === undefined ? {} : { status }) });
    }
  };
  const worker = new Worker<ProfileJob, JobOutcome>(name, answer, {
    connection: redisConnection(url),
    concurrency: settings.concurrency,
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
  return {
    close: async () => {
      // In this order: jobs that go back to the queue are not for this worker.
      const closed = worker.close();
      stop.abort();
      await closed;
    },
  };
}

/** A worker of another model or schema would answer another question. */
function assertSameProfile(
  request: { readonly model: string; readonly schemaHash: string },
  model: string,
  schemaHash: string,
): void {
  if (request.model !== model) {
    const message = `The worker has the model ${model}; the run asks for ${request.model}`;
    throw new ModelCallError("model", message);
  }
  if (request.schemaHash !== schemaHash)
    throw new ModelCallError("model", "The worker has another schema than the run");
}
