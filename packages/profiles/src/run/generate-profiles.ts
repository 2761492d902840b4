import { setMaxListeners } from "node:events";
import { parseOptions } from "@dmrec/core";
import { askForProfile } from "../calls/ask-for-profile";
import { StoreBudget } from "../calls/budget";
import { modelName } from "../calls/language-model-call";
import { interrupted, ModelCallError } from "../calls/model-call-error";
import { type ProfileRequest, requestsOf } from "../calls/profile-request";
import { quietModel } from "../calls/quiet-model";
import { RateLimit } from "../calls/rate-limit";
import { type Profile, profileSchema } from "../profile";
import { promptTemplates } from "../prompts/prompt-template";
import type { ProfileRecord } from "../store/profile-record";
import type { Entity } from "../store/profile-store";
import { FailureStreak } from "./failure-streak";
import { forEachConcurrently } from "./for-each-concurrently";
import { makeOnce } from "./make-once";
import { planProfiles, type Subjects } from "./plan-profiles";
import type { ProfileReport } from "./profile-report";
import { ProfileRunError } from "./profile-run-error";
import { type RunOptions, runSchema, warnThroughNode } from "./run-options";
import { RunTally } from "./run-tally";

export interface GeneratedProfiles {
  /** One for each subject, in their order; `undefined` for those that failed or are open. */
  readonly profiles: readonly (Profile | undefined)[];
  readonly report: ProfileReport;
}

/**
 * Gives every subject a profile: from the store where it was paid for, else from the model.
 *
 * @throws ProfileRunError where the run cannot go on or was stopped.
 * @throws StoreError
 */
export async function generateProfiles(
  owner: string,
  kind: Entity["kind"],
  subjects: Subjects,
  options: RunOptions,
): Promise<GeneratedProfiles> {
  const {
    model,
    store,
    template = promptTemplates.neutral,
    schema = profileSchema(),
    providerOptions,
    queue,
    secrets = [],
    signal,
    onProgress = () => {},
    onWarning = warnThroughNode,
    ...rest
  } = options;
  const settings = parseOptions(owner, runSchema, rest);
  const { collection, concurrency, prices, maximumCost, maximumOutputTokens, temperature } = settings;
  const render = requestsOf({
    model: modelName(model),
    template,
    kind,
    schema,
    parameters: { maximumOutputTokens, temperature, providerOptions },
  });
  const requestOf = (index: number) => {
    const data = subjects.dataOf(index);
    return data === undefined ? undefined : render(data);
  };
  const stop = new AbortController();
  const stopSignal = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  // Every call in flight listens to it, which is no leak.
  setMaxListeners(0, stopSignal);
  const plan = await planProfiles(subjects.ids, { store, collection, kind, requestOf, signal: stopSignal });
  if (plan.known === 0 && store.hasImported(collection, kind))
    onWarning(
      `The store has imported profiles, and none is of these ${kind}s: are the identifiers the same?`,
    );
  const budget = new StoreBudget(store, prices, maximumCost, stopSignal);
  const tally = new RunTally(plan, { prices, maximumOutputTokens, spent: () => budget.spent });
  const { profiles, open } = plan;
  if (stopSignal.aborted) throw new ProfileRunError(interrupted(), tally.report());
  if (settings.dryRun || open.length === 0) return { profiles, report: tally.report() };

  const limit = new RateLimit(settings);
  const quiet = quietModel(model, onWarning, secrets);
  const onCalls = tally.countCalls.bind(tally);
  let isTold = false;
  const onRetry = ({ status, message }: ModelCallError) => {
    // To be busy is usual; what else is amiss should not wait for the report.
    if (isTold || status === 429) return;
    isTold = true;
    onWarning(`${message}. Such calls are made again, up to ${settings.maximumRetries} times.`);
  };
  const make = (request: ProfileRequest): Promise<ProfileRecord> =>
    queue
      ? queue.ask(request, { ...settings, budget, onCalls, signal: stopSignal })
      : askForProfile(request, {
          ...settings,
          model: quiet,
          schema,
          limit,
          secrets,
          signal: stopSignal,
          budget,
          onCalls,
          onRetry,
        });
  const ask = (request: ProfileRequest) => makeOnce(store, request.key, stopSignal, () => make(request));
  // Two subjects of the same data ask once.
  const asked = new Map<string, Promise<ProfileRecord>>();
  const streak = new FailureStreak(plan.fromStore > plan.imported, concurrency);
  let fatal: unknown;

  await forEachConcurrently(open, concurrency, stopSignal, async ({ index }) => {
    const entity = { collection, kind, id: subjects.ids[index] };
    let isShared = false;
    try {
      const request = requestOf(index);
      // What nothing is known of is not open.
      if (!request) return;
      const shared = asked.get(request.key);
      isShared = shared !== undefined;
      const answer = shared ?? ask(request);
      asked.set(request.key, answer);
      const record = await answer;
      await store.save(entity, request.key, record);
      await queue?.forget(request.key);
      profiles[index] = record.profile;
      // One call succeeds or fails once, however many subjects wait for it.
      if (!isShared) streak.succeed();
      tally.finish(index, entity.id);
    } catch (error) {
      if (ModelCallError.isInstance(error) && !error.stopsRun) {
        if (!isShared) streak.fail(error);
        tally.finish(index, entity.id, error);
        if (streak.isHopeless) fatal ??= error;
      } else {
        fatal ??= error;
      }
    }
    try {
      if (fatal === undefined) onProgress(tally.progress());
    } catch (error) {
      fatal = error;
    }
    if (fatal !== undefined) stop.abort();
  });
  if (fatal === undefined && stopSignal.aborted) fatal = interrupted();
  if (ModelCallError.isInstance(fatal)) throw new ProfileRunError(fatal, tally.report());
  if (fatal !== undefined) throw fatal;
  return { profiles, report: tally.report() };
}
