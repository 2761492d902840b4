import { type Json, parseOptions } from "@dmrec/core";
import { askForProfile } from "../calls/ask-for-profile";
import { Budget } from "../calls/budget";
import { modelName } from "../calls/language-model-call";
import { ModelCallError } from "../calls/model-call-error";
import { costOf } from "../calls/prices";
import { type ProfileRequest, profileRequest } from "../calls/profile-request";
import { quietModel } from "../calls/quiet-model";
import { RateLimit } from "../calls/rate-limit";
import { estimateTokens } from "../calls/token-counts";
import { type Profile, profileSchema } from "../profile";
import { renderPrompt } from "../prompts/prompt";
import { promptTemplates } from "../prompts/prompt-template";
import type { ProfileRecord } from "../store/profile-record";
import type { Entity } from "../store/profile-store";
import { forEachConcurrently } from "./for-each-concurrently";
import type { ProfileEstimate, ProfileFailure, ProfileReport } from "./profile-report";
import { ProfileRunError } from "./profile-run-error";
import { type RunOptions, type RunSettings, runSchema } from "./run-options";

/** Whom to describe, and what a prompt says of them; nothing where nothing is known. */
export interface Subject {
  readonly id: string;
  readonly data: Json | undefined;
}

export interface GeneratedProfiles {
  /** One for each subject, in their order; `undefined` for those that failed or are open. */
  readonly profiles: readonly (Profile | undefined)[];
  readonly report: ProfileReport;
}

/** About how many tokens a reply takes. */
const usualReply = 200;
/** So many calls in a row without an answer, and at least those in flight, stop a run. */
const hopeless = 10;

/**
 * Gives every subject a profile: from the store where it was paid for, else from the model.
 *
 * @throws ProfileRunError where the run cannot go on or was stopped.
 */
export async function generateProfiles(
  owner: string,
  kind: Entity["kind"],
  subjects: readonly Subject[],
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
    onWarning = (message) => process.emitWarning(message, "DMRecWarning"),
    ...rest
  } = options;
  const settings = parseOptions(owner, runSchema, rest);
  const { collection, concurrency, prices } = settings;
  const started = performance.now();
  const entityOf = ({ id }: Subject): Entity => ({ collection, kind, id });
  const instructions = template[kind];
  const parameters = { ...pick(settings), providerOptions };

  const profiles: (Profile | undefined)[] = [];
  const repointed: [Entity, string][] = [];
  const open: { readonly index: number; readonly entity: Entity; readonly request: ProfileRequest }[] = [];
  let [imported, stale, fromStore] = [0, 0, 0];
  for (const [index, subject] of subjects.entries()) {
    const entity = entityOf(subject);
    const known = store.entity(entity);
    if (known?.imported) {
      imported += 1;
      profiles.push(known.imported);
      continue;
    }
    if (subject.data === undefined) {
      profiles.push({ status: "insufficient", reasoning: "Nothing is known that a profile could rest on." });
      continue;
    }
    const prompt = renderPrompt(instructions, schema, subject.data);
    const request = profileRequest(prompt, modelName(model), template, schema, parameters);
    const record = store.result(request.key);
    profiles.push(record?.profile);
    if (record) fromStore += 1;
    else open.push({ index, entity, request });
    if (known && known.key !== request.key) {
      if (record) repointed.push([entity, request.key]);
      else stale += 1;
    }
  }
  await store.point(repointed);

  const budget = new Budget(store, prices, settings.maximumCost);
  const usage = { inputTokens: 0, outputTokens: 0 };
  const failed: ProfileFailure[] = [];
  let calls = 0;
  let done = subjects.length - open.length;
  const report = (): ProfileReport => {
    const remaining = open.filter(({ index }) => profiles[index] === undefined);
    const failures = new Set(failed.map(({ id }) => id));
    const unasked = remaining.filter(({ entity }) => !failures.has(entity.id));
    return {
      total: subjects.length,
      ok: profiles.filter((profile) => profile?.status === "ok").length,
      insufficient: profiles.filter((profile) => profile?.status === "insufficient").length,
      open: unasked.length,
      failed,
      fromStore: fromStore + imported,
      imported,
      stale,
      calls,
      usage,
      cost: prices && budget.spent,
      seconds: (performance.now() - started) / 1000,
      estimate: estimateOf(
        unasked.map(({ request }) => request),
        settings,
      ),
    };
  };
  if (settings.dryRun || open.length === 0) return { profiles, report: report() };

  const stop = new AbortController();
  const stopSignal = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const limit = new RateLimit(settings);
  const quiet = quietModel(model, onWarning);
  const ask = (request: ProfileRequest): Promise<ProfileRecord> =>
    queue
      ? queue.ask(request, budget, stopSignal)
      : askForProfile(request, {
          ...settings,
          model: quiet,
          schema,
          limit,
          secrets,
          signal: stopSignal,
          budget,
        });
  // Two subjects of the same data ask once.
  const asked = new Map<string, Promise<ProfileRecord>>();
  let unansweredInRow = 0;
  let fatal: unknown;

  await forEachConcurrently(open, concurrency, stopSignal, async ({ index, entity, request }) => {
    try {
      const isFirst = !asked.has(request.key);
      const answer = asked.get(request.key) ?? ask(request);
      asked.set(request.key, answer);
      const record = await answer;
      await store.save(entity, request.key, record);
      await queue?.settled(request.key);
      profiles[index] = record.profile;
      unansweredInRow = 0;
      if (isFirst) {
        calls += record.calls;
        usage.inputTokens += record.usage.inputTokens;
        usage.outputTokens += record.usage.outputTokens;
      }
    } catch (error) {
      if (!ModelCallError.isInstance(error)) fatal ??= error;
      else if (error.reason === "interrupted") return;
      else if (error.stopsRun) fatal ??= error;
      else failed.push({ id: entity.id, reason: error.reason, message: error.message });
      unansweredInRow =
        ModelCallError.isInstance(error) && error.reason === "unavailable" ? unansweredInRow + 1 : 0;
      if (unansweredInRow >= Math.max(hopeless, concurrency)) fatal ??= error;
      if (fatal !== undefined) stop.abort();
    }
    done += 1;
    const seconds = (performance.now() - started) / 1000;
    const finished = done - (subjects.length - open.length);
    onProgress({
      done,
      total: subjects.length,
      failed: failed.length,
      callsPerMinute: (calls / seconds) * 60,
      cost: prices && budget.spent,
      secondsLeft: (seconds / finished) * (subjects.length - done),
    });
  });
  if (fatal === undefined && stopSignal.aborted) {
    fatal = new ModelCallError("interrupted", "The run was interrupted");
  }
  if (ModelCallError.isInstance(fatal)) throw new ProfileRunError(fatal, report());
  if (fatal !== undefined) throw fatal;
  return { profiles, report: report() };
}

const pick = ({ maximumOutputTokens, temperature }: RunSettings) => ({ maximumOutputTokens, temperature });

function estimateOf(
  requests: readonly ProfileRequest[],
  { prices, maximumOutputTokens }: RunSettings,
): ProfileEstimate {
  const keys = new Map(requests.map((request) => [request.key, request]));
  const inputTokens = [...keys.values()].reduce(
    (sum, { system, prompt }) => sum + estimateTokens(system, prompt),
    0,
  );
  const outputTokens = keys.size * Math.min(usualReply, maximumOutputTokens);
  const usage = { inputTokens, outputTokens };
  return { calls: keys.size, ...usage, cost: prices && costOf(usage, prices) };
}
