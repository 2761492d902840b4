import { setImmediate } from "node:timers/promises";
import type { Json } from "@dmrec/core";
import type { ProfileRequest } from "../calls/profile-request";
import { estimateTokens } from "../calls/token-counts";
import type { Profile } from "../profile";
import type { Entity, ProfileStore } from "../store/profile-store";

/** Whom to describe. */
export interface Subjects {
  readonly ids: readonly string[];
  /** What a prompt says of one of them, by index; nothing where nothing is known. Rendered anew whenever it is needed. */
  readonly dataOf: (index: number) => Json | undefined;
}

/** A subject whose profile is still to be made. */
export interface OpenProfile {
  /** The subject's. */
  readonly index: number;
  /** The request's. Prompts are not kept: those of all subjects may take more memory than there is. */
  readonly key: string;
  /** About how many tokens the prompt has. */
  readonly inputTokens: number;
}

/** What there is and what is to do. */
export interface ProfilePlan {
  /** One for each subject; `undefined` for those that are open. */
  readonly profiles: (Profile | undefined)[];
  readonly open: readonly OpenProfile[];
  /** How many came from the store, how many of those were imported, and how many in it are out of date. */
  readonly fromStore: number;
  readonly imported: number;
  readonly stale: number;
  /** Of how many the store knows anything. */
  readonly known: number;
  /** How many were not looked up, at the end, for the run was stopped. */
  readonly unplanned: number;
}

export interface PlanOptions {
  readonly store: ProfileStore;
  readonly collection: string;
  readonly kind: Entity["kind"];
  /** What is asked of a subject, by index; nothing where nothing is known of it. */
  readonly requestOf: (index: number) => ProfileRequest | undefined;
  readonly signal: AbortSignal;
}

/** So many subjects are planned before anything else of the process may run. */
const turn = 50;

/**
 * Looks up what the store has for each subject. A profile of other inputs than the present ones is stale and counts as
 * absent, unless it was imported. The signal ends it early.
 *
 * @throws StoreError
 */
export async function planProfiles(
  ids: readonly string[],
  { store, collection, kind, requestOf, signal }: PlanOptions,
): Promise<ProfilePlan> {
  const profiles: (Profile | undefined)[] = [];
  const open: OpenProfile[] = [];
  const latest: [Entity, string][] = [];
  let [fromStore, imported, stale, knownCount] = [0, 0, 0, 0];
  for (const [index, id] of ids.entries()) {
    if (index % turn === 0) await setImmediate();
    if (signal.aborted) break;
    const entity: Entity = { collection, kind, id };
    const known = store.entity(entity);
    if (known) knownCount += 1;
    if (known?.imported) {
      profiles.push(known.imported);
      fromStore += 1;
      imported += 1;
      continue;
    }
    const request = requestOf(index);
    if (request === undefined) {
      profiles.push({ status: "insufficient", reasoning: "Nothing is known that a profile could rest on." });
      continue;
    }
    const { key, system, prompt } = request;
    const profile = store.result(key)?.profile;
    profiles.push(profile);
    if (profile) fromStore += 1;
    else open.push({ index, key, inputTokens: estimateTokens(system, prompt) });
    if (known?.key === key) continue;
    if (profile) latest.push([entity, key]);
    else if (known) stale += 1;
  }
  await store.point(latest);
  const unplanned = ids.length - profiles.length;
  profiles.length = ids.length;
  return { profiles, open, fromStore, imported, stale, known: knownCount, unplanned };
}
