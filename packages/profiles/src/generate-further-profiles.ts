import { parseOptions } from "@dmrec/core";
import { z } from "zod";
import { type Profile, reasonedProfileSchema } from "./profile";
import {
  type ExtrapolationDirection,
  extrapolationDirections,
  extrapolationInstructions,
} from "./prompts/extrapolation";
import { resolveIdentifiers } from "./resolve-identifiers";
import { askOfEach } from "./run/ask-of-each";
import { type DomainRunOptions, domainRunSchema } from "./run/domain-run-options";
import type { GeneratedProfiles } from "./run/profile-run";
import type { Question } from "./run/question";
import type { Entity } from "./store/entity";

export interface FurtherProfilesOptions extends DomainRunOptions {
  /** The kind of the profiles: of users or of items. */
  readonly entity: Entity["entity"];
  /** The first profiles of the users or items, as `generateUserProfiles` or `generateItemProfiles` returns them. */
  readonly profiles: readonly (Profile | undefined)[];
  /**
   * The identifiers of the users or items in the store.
   *
   * @default the indices
   */
  readonly ids?: readonly string[];
}

const furtherSchema = domainRunSchema.extend({ entity: z.enum(["item", "user"]) });

/** The further profiles in one direction. */
export interface FurtherProfiles extends GeneratedProfiles {
  readonly direction: ExtrapolationDirection;
}

/**
 * Has a language model write three further profiles of each user or item, by a chain of thought from the first one in different
 * directions (Zhang et al. 2026, ProEx; the prompts are this project's own): `motives`, `neighbours` and `details`. There is a
 * run for each direction, one after another.
 *
 * A user or item without a first profile is `insufficient` without a call. Profiles in the store are not paid again; those of a
 * direction are kept in the collection `<collection>/<direction>`. A new first profile makes them stale.
 *
 * @example
 * const further = await generateFurtherProfiles({ model, store, entity: "user", profiles: userProfiles });
 * for (const { direction, profiles } of further) console.log(direction, profiles[0]);
 *
 * @throws ProfileRunError if a run cannot go on; what was paid is in the store.
 * @throws StoreError
 * @throws InvalidOptionsError
 */
export async function generateFurtherProfiles(
  options: FurtherProfilesOptions,
): Promise<readonly FurtherProfiles[]> {
  const owner = "generateFurtherProfiles";
  const { profiles, ids, entity: kind, domain: words, collection: name, ...run } = options;
  const settings = parseOptions(owner, furtherSchema, { entity: kind, domain: words, collection: name });
  const { entity, domain, collection } = settings;
  const subjects = {
    entity,
    ids: resolveIdentifiers(`${owner}.ids`, ids, profiles.length),
    dataOf: (index: number) => {
      const profile = profiles[index];
      return profile?.status === "ok" ? { profile: profile.summary } : undefined;
    },
  };
  const schema = reasonedProfileSchema();
  const further: FurtherProfiles[] = [];
  for (const direction of extrapolationDirections) {
    const instructions = extrapolationInstructions(domain, entity, direction);
    const question: Question = {
      instructions,
      schemaOf: () => schema,
      formOf: () => ({ kind: "reasoned-profile" }),
    };
    const own = { ...run, collection: `${collection}/${direction}` };
    further.push({ direction, ...(await askOfEach(owner, subjects, question, own)) });
  }
  return further;
}
