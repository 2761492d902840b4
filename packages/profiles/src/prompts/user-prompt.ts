import type { ItemAttributes, Json, RandomGenerator, TrainingInteractions } from "@dmrec/core";
import { invalidOption } from "@dmrec/core";
import { z } from "zod";
import type { Profile } from "../profile";
import { excerpt } from "./item-prompt";
import { knownOfItem } from "./known-of-item";

const maximumReview = 1500;

/** The sample of a user's history that a profile is made from. */
export interface HistorySampleOptions {
  /**
   * The most items of a user's history in their prompt or text.
   *
   * @default 10
   */
  readonly sampleSize?: number | undefined;
  /**
   * The seed of the random choice of these items.
   *
   * @default 2024
   */
  readonly seed?: number | undefined;
}

export const historySampleSchema = z.strictObject({
  sampleSize: z.int().positive().default(10),
  seed: z.int().nonnegative().default(2024),
});

/** The text of a user about an item. */
export interface Review {
  /** The user's index. */
  readonly user: number;
  /** The item's index. */
  readonly item: number;
  readonly text: string;
}

export interface UserHistory {
  readonly train: TrainingInteractions;
  /** The attributes of the items, `[items]`. */
  readonly items: readonly ItemAttributes[];
  /** The items' profiles, `[items]`. */
  readonly itemProfiles: readonly (Profile | undefined)[];
  readonly reviews: ReadonlyMap<number, readonly Review[]>;
  /** The most items of a history in a prompt. */
  readonly sampleSize: number;
}

/**
 * The data about a user in a prompt: a sample of their training items. Reviews of other items are left out, because they
 * would reveal held-out interactions. `undefined` if nothing is known about any of the user's training items.
 */
export function userData(
  history: UserHistory,
  user: number,
  random: RandomGenerator,
): { readonly history: Json } | undefined {
  const { train, items, itemProfiles, reviews, sampleSize } = history;
  const own = train.items.slice(train.offsets[user], train.offsets[user + 1]);
  const reviewOf = new Map(reviews.get(user)?.map(({ item, text }) => [item, text]));
  const entries = [...random.shuffle(own)].flatMap((item) => {
    const known = knownOfItem(items[item], itemProfiles[item]);
    const review = reviewOf.get(item)?.trim();
    if (!known && !review) return [];
    return [{ ...known, ...(review ? { review: excerpt(review, maximumReview) } : {}) }];
  });
  return entries.length === 0 ? undefined : { history: entries.slice(0, sampleSize) };
}

/**
 * Refuses anything but a training part, also if types do not.
 *
 * @throws InvalidOptionsError
 */
export function assertTrainingPart(owner: string, train: TrainingInteractions): void {
  const { part }: { readonly part: unknown } = train;
  if (part === "train") return;
  throw invalidOption(
    `${owner}.train`,
    `is ${part === undefined ? "not marked as the training part of a split" : `the part ${JSON.stringify(part)}`}; expected the training part (\`train\` of a SplitDataset, or asTrainingSplit of @dmrec/data), because a profile made from held-out interactions would leak them`,
  );
}

/**
 * Checks the length of a list with an entry for each item.
 *
 * @param path The function and the option, e.g. `generateUserProfiles.items`.
 * @throws InvalidOptionsError
 */
export function assertOnePerItem(path: string, entries: readonly unknown[], itemCount: number): void {
  if (entries.length === itemCount) return;
  const message = `${entries.length} of them; expected ${itemCount}, one for each item of the training part`;
  throw invalidOption(path, message);
}

/** @throws InvalidOptionsError naming the first review without a user or item. */
export function assertReviews(
  owner: string,
  reviews: readonly Review[],
  { userCount, itemCount }: TrainingInteractions,
): void {
  const isIndex = (value: number, count: number) => Number.isInteger(value) && value >= 0 && value < count;
  const wrong = reviews.findIndex(({ user, item }) => !isIndex(user, userCount) || !isIndex(item, itemCount));
  if (wrong < 0) return;
  const { user, item } = reviews[wrong];
  const message = `user ${user}, item ${item}; expected indices below ${userCount} and ${itemCount}`;
  throw invalidOption(`${owner}.reviews.${wrong}`, message);
}

/** The reviews of each user. */
export function reviewsByUser(reviews: readonly Review[]): ReadonlyMap<number, readonly Review[]> {
  const byUser = new Map<number, Review[]>();
  for (const review of reviews) {
    const own = byUser.get(review.user);
    if (own) own.push(review);
    else byUser.set(review.user, [review]);
  }
  return byUser;
}
