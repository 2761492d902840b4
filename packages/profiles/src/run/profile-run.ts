import { setMaxListeners } from "node:events";
import { forEachConcurrently } from "../calls/for-each-concurrently";
import { LedgerBudget } from "../calls/ledger-budget";
import { interrupted, ModelCallError } from "../calls/model-call-error";
import { modelName } from "../calls/model-name";
import { RateLimit } from "../calls/rate-limit";
import { sanitizedModel } from "../calls/sanitized-model";
import { directCalls } from "../make/direct/direct-calls";
import type { ProfileMaker } from "../make/profile-maker";
import { type ProfileRequest, requestBuilder } from "../make/profile-request";
import { queuedCalls } from "../make/queued/queued-calls";
import { type Profile, type ProfileSchema, unknownProfile } from "../profile";
import type { ProfileRecord } from "../profile-record";
import { FailureStreak } from "./failure-streak";
import { makeOnce } from "./make-once";
import { type ProfilePlan, planProfiles, type Subjects } from "./plan-profiles";
import type { ProfileReport } from "./profile-report";
import { ProfileRunError } from "./profile-run-error";
import type { Question } from "./question";
import type { RunOptions, RunSettings } from "./run-options";
import { RunTally } from "./run-tally";

export interface GeneratedProfiles {
  /** One for each subject, in their order; `undefined` for those that failed or are open. */
  readonly profiles: readonly (Profile | undefined)[];
  readonly report: ProfileReport;
}

/** The options of a run, with defaults filled in. */
export interface ProfileRunOptions
  extends Required<Pick<RunOptions, "model" | "store" | "secrets" | "onProgress" | "onWarning">> {
  readonly question: Question;
  readonly settings: RunSettings;
  readonly providerOptions: RunOptions["providerOptions"] | undefined;
  readonly queue: RunOptions["queue"] | undefined;
  readonly abortSignal: AbortSignal | undefined;
}

/** A run that gives each subject a profile: from the store if it was paid for, otherwise from the model. */
export class ProfileRun {
  readonly #subjects: Subjects;
  readonly #options: ProfileRunOptions;
  readonly #renderers = new Map<ProfileSchema, ReturnType<typeof requestBuilder>>();
  readonly #stop = new AbortController();
  readonly #abortSignal: AbortSignal;
  readonly #budget: LedgerBudget;

  constructor(subjects: Subjects, options: ProfileRunOptions) {
    const { settings, store, abortSignal } = options;
    const { prices, maxCost } = settings;
    this.#subjects = subjects;
    this.#options = options;
    this.#abortSignal = abortSignal ? AbortSignal.any([abortSignal, this.#stop.signal]) : this.#stop.signal;
    // Every call in flight listens to it, which is no leak.
    setMaxListeners(0, this.#abortSignal);
    this.#budget = new LedgerBudget(store.ledger, { prices, maxCost, abortSignal: this.#abortSignal });
  }

  /**
   * Makes the profiles that are open.
   *
   * @throws ProfileRunError if the run cannot go on, or was aborted before all was made.
   * @throws StoreError
   */
  async complete(): Promise<GeneratedProfiles> {
    const plan = await this.#plan();
    const { prices, maxOutputTokens, dryRun } = this.#options.settings;
    const tally = new RunTally(plan, { prices, maxOutputTokens, spent: () => this.#budget.spent });
    try {
      if (!dryRun && !this.#abortSignal.aborted) await this.#makeAll(plan, tally);
      // An abort during the last call leaves a complete run.
      if (this.#abortSignal.aborted && tally.report().open > 0) throw interrupted();
    } catch (error) {
      throw ModelCallError.isInstance(error) ? new ProfileRunError(error, tally.report()) : error;
    }
    return { profiles: plan.profiles, report: tally.report() };
  }

  async #plan(): Promise<ProfilePlan> {
    const { store, settings, onWarning } = this.#options;
    const { collection } = settings;
    const { entity } = this.#subjects;
    const plan = await planProfiles(this.#subjects, {
      store,
      collection,
      requestOf: (index) => this.#requestOf(index),
      abortSignal: this.#abortSignal,
    });
    if (plan.stored === 0 && store.entities.hasImported(collection, entity))
      onWarning(
        `The store has imported profiles, and none is of these ${entity}s: are the identifiers the same?`,
      );
    return plan;
  }

  #requestOf(index: number): ProfileRequest | undefined {
    const data = this.#subjects.dataOf(index);
    if (data === undefined) return undefined;
    const { schemaOf, formOf } = this.#options.question;
    return { ...this.#renderer(schemaOf(index))(data), ...(formOf && { form: formOf(index) }) };
  }

  /** The function from data to requests for replies of a schema. */
  #renderer(schema: ProfileSchema): ReturnType<typeof requestBuilder> {
    const known = this.#renderers.get(schema);
    if (known) return known;
    const { settings, model, question, providerOptions } = this.#options;
    const { maxOutputTokens, temperature } = settings;
    const renderer = requestBuilder({
      model: modelName(model),
      instructions: question.instructions,
      schema,
      parameters: { maxOutputTokens, temperature, providerOptions },
    });
    this.#renderers.set(schema, renderer);
    return renderer;
  }

  /** @throws the first error that stops the run. */
  async #makeAll(plan: ProfilePlan, tally: RunTally): Promise<void> {
    const { maxParallelCalls } = this.#options.settings;
    const calls = new SharedCalls(await this.#maker(tally), this.#options.store, this.#abortSignal);
    const streak = new FailureStreak(plan.fromStore > plan.imported, maxParallelCalls);
    const failures: unknown[] = [];
    await forEachConcurrently(plan.open, maxParallelCalls, this.#abortSignal, async ({ index }) => {
      try {
        const { profile, failure, isShared } = await this.#makeOne(index, calls);
        plan.profiles[index] = profile;
        tally.finish(index, this.#subjects.ids[index], failure);
        // A call succeeds or fails once, however many subjects wait for it.
        if (!isShared) streak.count(failure);
        if (failure && streak.isHopeless) throw failure;
        if (failures.length === 0) this.#options.onProgress(tally.progress());
      } catch (error) {
        failures.push(error);
        this.#stop.abort();
      }
    });
    if (failures.length > 0) throw failures[0];
  }

  /** @throws an error that stops the run. */
  async #makeOne(index: number, calls: SharedCalls): Promise<MadeProfile> {
    const request = this.#requestOf(index);
    // The data of an open subject never vanishes.
    if (!request) return { profile: unknownProfile, isShared: true };
    const { isShared, record } = calls.make(request, this.#options.question.schemaOf(index));
    try {
      return { profile: await this.#save(index, request.key, await record, calls), isShared };
    } catch (error) {
      if (!ModelCallError.isInstance(error) || error.stopsRun) throw error;
      return { failure: error, isShared };
    }
  }

  async #save(index: number, key: string, record: ProfileRecord, calls: SharedCalls): Promise<Profile> {
    const { store, settings } = this.#options;
    const { entity, ids } = this.#subjects;
    await store.save({ collection: settings.collection, entity, id: ids[index] }, key, record);
    await calls.forget(key);
    return record.profile;
  }

  async #maker(tally: RunTally): Promise<ProfileMaker> {
    const { settings, queue, model, secrets, onWarning } = this.#options;
    const shared = {
      budget: this.#budget,
      onCalls: tally.countCalls.bind(tally),
      abortSignal: this.#abortSignal,
    };
    if (queue) return queuedCalls(queue, { ...shared, maxReasks: settings.maxReasks });
    return directCalls({
      ...settings,
      ...shared,
      model: await sanitizedModel(model, onWarning, secrets),
      limit: new RateLimit(settings),
      secrets,
      onRetry: this.#warnOfFirstRetry(),
    });
  }

  #warnOfFirstRetry(): (error: ModelCallError) => void {
    const { onWarning, settings } = this.#options;
    let hasWarned = false;
    return ({ status, message }) => {
      // A busy service is usual. Other failures should not wait for the report.
      if (hasWarned || status === 429) return;
      hasWarned = true;
      onWarning(`${message}. Such calls are retried, up to ${settings.maxRetries} times.`);
    };
  }
}

/** A profile, or the failure of its calls. */
interface MadeProfile {
  readonly profile?: Profile;
  readonly failure?: ModelCallError;
  /** True if an earlier subject of the same data made the calls. */
  readonly isShared: boolean;
}

/** The calls of a run: one for all subjects of the same data, and for all processes on the store. */
class SharedCalls {
  readonly #maker: ProfileMaker;
  readonly #store: RunOptions["store"];
  readonly #abortSignal: AbortSignal;
  readonly #records = new Map<string, Promise<ProfileRecord>>();

  constructor(maker: ProfileMaker, store: RunOptions["store"], abortSignal: AbortSignal) {
    this.#maker = maker;
    this.#store = store;
    this.#abortSignal = abortSignal;
  }

  /** The record of a request, and whether an earlier subject has asked for it. */
  make(
    request: ProfileRequest,
    schema: ProfileSchema,
  ): { readonly isShared: boolean; readonly record: Promise<ProfileRecord> } {
    const earlier = this.#records.get(request.key);
    if (earlier) return { isShared: true, record: earlier };
    const record = makeOnce(this.#store, request.key, this.#abortSignal, () =>
      this.#maker.make(request, schema),
    );
    this.#records.set(request.key, record);
    return { isShared: false, record };
  }

  forget(key: string): Promise<void> {
    return this.#maker.forget(key);
  }
}
