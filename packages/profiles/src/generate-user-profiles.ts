import { type ItemAttributes, parseOptions, RandomGenerator, type TrainingInteractions } from "@dmrec/core";
import type { z } from "zod";
import { identifiersOf } from "./identifiers";
import type { Profile } from "./profile";
import {
  assertOnePerItem,
  assertReviews,
  assertTrainingPart,
  historySampleSchema,
  type Review,
  reviewsByUser,
  userData,
} from "./prompts/user-prompt";
import { type GeneratedProfiles, generateProfiles } from "./run/generate-profiles";
import type { RunOptions } from "./run/run-options";

export interface UserProfilesOptions extends RunOptions, z.input<typeof historySampleSchema> {
  /** The training part alone: a profile that knows held-out interactions would leak them. */
  readonly train: TrainingInteractions;
  /** What is known about the items, `[items]`. */
  readonly items: readonly ItemAttributes[];
  /** The items' profiles, `[items]`, as {@link generateItemProfiles} gives them. */
  readonly itemProfiles?: readonly (Profile | undefined)[];
  /** What users wrote about items; of other than training interactions they are left out. */
  readonly reviews?: readonly Review[];
  /** The users' identifiers, `[users]`; indices where absent. */
  readonly userIds?: readonly string[];
}

/**
 * Has a language model write a profile of each user from a sample of their training items, with the items' profiles and
 * the user's own reviews (Zhang et al. 2025, eq. 4). What the store has is not paid again; an item's new profile makes
 * those of its users stale.
 *
 * @throws ProfileRunError where the run cannot go on; what was paid is in the store.
 * @throws InvalidOptionsError
 * @throws DMRecError for anything but a training part.
 */
export async function generateUserProfiles(options: UserProfilesOptions): Promise<GeneratedProfiles> {
  const owner = "generateUserProfiles";
  const { train, items, itemProfiles = [], reviews = [], userIds, sampleSize, seed, ...run } = options;
  assertTrainingPart(owner, train);
  const sample = parseOptions(owner, historySampleSchema, {
    ...(sampleSize === undefined ? {} : { sampleSize }),
    ...(seed === undefined ? {} : { seed }),
  });
  assertOnePerItem(owner, "items", items, train.itemCount);
  if (itemProfiles.length > 0) assertOnePerItem(owner, "itemProfiles", itemProfiles, train.itemCount);
  assertReviews(owner, reviews, train);
  const ids = identifiersOf(owner, "userIds", userIds, train.userCount);
  const random = RandomGenerator.fromSeed(sample.seed).fork("history");
  const history = {
    train,
    items,
    itemProfiles,
    reviews: reviewsByUser(reviews),
    sampleSize: sample.sampleSize,
  };
  const dataOf = (user: number) => userData(history, user, random.fork(user));
  return generateProfiles(owner, "user", { ids, dataOf }, run);
}
