import { type ItemAttributes, parseOptions, RandomGenerator, type TrainingInteractions } from "@dmrec/core";
import type { Profile } from "./profile";
import {
  assertOnePerItem,
  assertReviews,
  assertTrainingPart,
  type HistorySampleOptions,
  historySampleSchema,
  type Review,
  reviewsByUser,
  userData,
} from "./prompts/user-prompt";
import { resolveIdentifiers } from "./resolve-identifiers";
import { generateProfiles } from "./run/generate-profiles";
import type { GeneratedProfiles } from "./run/profile-run";
import type { RunOptions } from "./run/run-options";

export interface UserProfilesOptions extends RunOptions, HistorySampleOptions {
  /** The training part: a profile made from held-out interactions would leak them. */
  readonly train: TrainingInteractions;
  /** The attributes of the items, `[items]`. */
  readonly items: readonly ItemAttributes[];
  /**
   * The profiles of the items, `[items]`, as {@link generateItemProfiles} returns them.
   *
   * @default []
   */
  readonly itemProfiles?: readonly (Profile | undefined)[];
  /**
   * The reviews of users about items. Those of other than training interactions are left out.
   *
   * @default []
   */
  readonly reviews?: readonly Review[];
  /**
   * The identifiers of the users in the store, `[users]`.
   *
   * @default the indices
   */
  readonly userIds?: readonly string[];
}

/**
 * Has a language model write a profile of each user from a sample of their training items, with the items' profiles and
 * the user's own reviews (Zhang et al. 2025, eq. 4). Profiles in the store are not paid again. A new profile of an item
 * makes those of its users stale.
 *
 * @example
 * const { profiles } = await generateUserProfiles({ model, store, train: data.train, items, itemProfiles });
 *
 * @throws ProfileRunError if the run cannot go on; what was paid is in the store.
 * @throws StoreError
 * @throws InvalidOptionsError also for anything but a training part.
 */
export async function generateUserProfiles(options: UserProfilesOptions): Promise<GeneratedProfiles> {
  const owner = "generateUserProfiles";
  const { train, items, itemProfiles = [], reviews = [], userIds, sampleSize, seed, ...run } = options;
  assertTrainingPart(owner, train);
  const sample = parseOptions(owner, historySampleSchema, { sampleSize, seed });
  assertOnePerItem(`${owner}.items`, items, train.itemCount);
  if (itemProfiles.length > 0) assertOnePerItem(`${owner}.itemProfiles`, itemProfiles, train.itemCount);
  assertReviews(owner, reviews, train);
  const ids = resolveIdentifiers(`${owner}.userIds`, userIds, train.userCount);
  const random = RandomGenerator.fromSeed(sample.seed).fork("history");
  const history = {
    train,
    items,
    itemProfiles,
    reviews: reviewsByUser(reviews),
    sampleSize: sample.sampleSize,
  };
  const dataOf = (user: number) => userData(history, user, random.fork(user));
  return generateProfiles(owner, { entity: "user", ids, dataOf }, run);
}
