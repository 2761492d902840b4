import type { Json } from "@dmrec/core";
import type { ProfileRequest } from "../calls/profile-request";
import type { Profile } from "../profile";
import type { Entity, ProfileStore } from "../store/profile-store";

/** Whom to describe, and what a prompt says of them; nothing where nothing is known. */
export interface Subject {
  readonly id: string;
  readonly data: Json | undefined;
}

/** A subject whose profile is still to be made. */
export interface OpenProfile {
  /** The subject's. */
  readonly index: number;
  readonly entity: Entity;
  readonly request: ProfileRequest;
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
}

export interface PlanOptions {
  readonly store: ProfileStore;
  readonly collection: string;
  readonly kind: Entity["kind"];
  readonly requestOf: (data: Json) => ProfileRequest;
}

/**
 * Looks up what the store has for each subject. A profile of other inputs than the present ones is stale and counts as
 * absent, unless it was imported.
 *
 * @throws StoreError
 */
export async function planProfiles(
  subjects: readonly Subject[],
  { store, collection, kind, requestOf }: PlanOptions,
): Promise<ProfilePlan> {
  const profiles: (Profile | undefined)[] = [];
  const open: OpenProfile[] = [];
  const latest: [Entity, string][] = [];
  let [fromStore, imported, stale] = [0, 0, 0];
  for (const [index, { id, data }] of subjects.entries()) {
    const entity: Entity = { collection, kind, id };
    const known = store.entity(entity);
    if (known?.imported) {
      profiles.push(known.imported);
      fromStore += 1;
      imported += 1;
      continue;
    }
    if (data === undefined) {
      profiles.push({ status: "insufficient", reasoning: "Nothing is known that a profile could rest on." });
      continue;
    }
    const request = requestOf(data);
    const profile = store.result(request.key)?.profile;
    profiles.push(profile);
    if (profile) fromStore += 1;
    else open.push({ index, entity, request });
    if (known?.key === request.key) continue;
    if (profile) latest.push([entity, request.key]);
    else if (known) stale += 1;
  }
  await store.point(latest);
  return { profiles, open, fromStore, imported, stale };
}
