import { setImmediate } from "node:timers/promises";
import type { Json } from "@dmrec/core";
import { estimateTokens } from "../calls/token-counts";
import type { ProfileRequest } from "../make/profile-request";
import { type Profile, unknownProfile } from "../profile";
import type { Entity } from "../store/entity";
import type { ProfileStore } from "../store/profile-store";

/** The users or items to describe. */
export interface Subjects {
  readonly entity: Entity["entity"];
  readonly ids: readonly string[];
  /** The data about a subject in its prompt, by index; `undefined` if nothing is known. Rendered whenever it is needed. */
  readonly dataOf: (index: number) => Json | undefined;
}

/** A subject whose profile is still to be made. */
export interface OpenProfile {
  /** The index of the subject. */
  readonly index: number;
  /** The key of the request. Prompts are not kept: those of all subjects may not fit into memory. */
  readonly key: string;
  /** The estimated tokens of the prompt. */
  readonly inputTokens: number;
}

/** The profiles that are stored, and those that are open. */
export interface ProfilePlan {
  /** One for each subject; `undefined` for those that are open. */
  readonly profiles: (Profile | undefined)[];
  readonly open: readonly OpenProfile[];
  /** Profiles that came from the store. */
  readonly fromStore: number;
  /** Profiles from the store that were imported. */
  readonly imported: number;
  /** Open profiles with an outdated one in the store. */
  readonly stale: number;
  /** Subjects with any entry in the store. */
  readonly stored: number;
  /** Subjects at the end that were not looked up because the run was aborted. */
  readonly unplanned: number;
}

export interface PlanOptions {
  readonly store: ProfileStore;
  readonly collection: string;
  /** The request for a subject, by index; `undefined` if nothing is known about it. */
  readonly requestOf: (index: number) => ProfileRequest | undefined;
  readonly abortSignal: AbortSignal;
}

/** The subjects that are planned before other work of the process may run. */
const turn = 50;

/**
 * Looks up the store's profile of each subject. A profile of other inputs than the present ones is stale and counts as
 * absent, unless it was imported. The signal ends it early.
 *
 * @throws StoreError
 */
export async function planProfiles(
  { entity, ids }: Subjects,
  { store, collection, requestOf, abortSignal }: PlanOptions,
): Promise<ProfilePlan> {
  const profiles: (Profile | undefined)[] = [];
  const open: OpenProfile[] = [];
  const latest: [Entity, string][] = [];
  let [fromStore, imported, stale, stored] = [0, 0, 0, 0];
  for (const [index, id] of ids.entries()) {
    if (index % turn === 0) await setImmediate();
    if (abortSignal.aborted) break;
    const subject: Entity = { collection, entity, id };
    const entry = store.entities.get(subject);
    if (entry) stored += 1;
    if (entry?.imported) {
      profiles.push(entry.imported);
      fromStore += 1;
      imported += 1;
      continue;
    }
    const request = requestOf(index);
    if (request === undefined) {
      profiles.push(unknownProfile);
      continue;
    }
    const { key, system, prompt } = request;
    const profile = store.results.get(key)?.profile;
    profiles.push(profile);
    if (profile) fromStore += 1;
    else open.push({ index, key, inputTokens: estimateTokens(system, prompt) });
    if (entry?.key === key) continue;
    if (profile) latest.push([subject, key]);
    else if (entry) stale += 1;
  }
  await store.entities.point(latest);
  const unplanned = ids.length - profiles.length;
  profiles.length = ids.length;
  return { profiles, open, fromStore, imported, stale, stored, unplanned };
}
