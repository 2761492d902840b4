import type { ItemAttributes, Json, RandomGenerator, TrainingInteractions } from "@dmrec/core";
import { DMRecError, InvalidOptionsError } from "@dmrec/core";
import { z } from "zod";
import type { Profile } from "../profile";
import { excerpt } from "./item-prompt";

const maximumTitle = 300;
/** Shown of items without a profile. */
const maximumDescription = 600;
const maximumReview = 1500;

/** Which items of a user's history a profile is made from. */
export const historySampleSchema = z.strictObject({
  /** How many. */
  sampleSize: z.int().positive().default(10),
  /** Of the choice among them. */
  seed: z.int().nonnegative().default(2024),
});

/** Something that a user wrote about an item. */
export interface Review {
  /** The user's index. */
  readonly user: number;
  /** The item's index. */
  readonly item: number;
  readonly text: string;
}

export interface UserHistory {
  readonly train: TrainingInteractions;
  /** What is known about the items, `[items]`. */
  readonly items: readonly ItemAttributes[];
  /** The items' profiles, `[items]`. */
  readonly itemProfiles: readonly (Profile | undefined)[];
  readonly reviews: ReadonlyMap<number, readonly Review[]>;
  /** How many items of a history a prompt holds. */
  readonly sampleSize: number;
}

/**
 * What a prompt says of a user: a sample of their training items. Reviews of other items are left out, for they would
 * tell of held-out interactions. `undefined` where the user has no training item that anything is known about.
 */
export function userData(history: UserHistory, user: number, random: RandomGenerator): Json | undefined {
  const { train, items, itemProfiles, reviews, sampleSize } = history;
  const own = train.items.slice(train.offsets[user], train.offsets[user + 1]);
  const reviewOf = new Map(reviews.get(user)?.map(({ item, text }) => [item, text]));
  const told = [...random.shuffle(own)].flatMap((item) => {
    const title = items[item]?.title?.trim();
    const profile = itemProfiles[item];
    const summary = profile?.status === "ok" ? profile.summary : undefined;
    const review = reviewOf.get(item)?.trim();
    const description = summary ? undefined : items[item]?.description?.trim();
    if (!title && !summary && !description && !review) return [];
    return [
      {
        ...(title ? { title: excerpt(title, maximumTitle) } : {}),
        ...(summary ? { profile: summary } : {}),
        ...(description ? { description: excerpt(description, maximumDescription) } : {}),
        ...(review ? { review: excerpt(review, maximumReview) } : {}),
      },
    ];
  });
  return told.length === 0 ? undefined : { history: told.slice(0, sampleSize) };
}

/**
 * Refuses anything but a training part, also where types do not.
 *
 * @throws DMRecError
 */
export function assertTrainingPart(owner: string, train: TrainingInteractions): void {
  const { part }: { readonly part: unknown } = train;
  if (part === "train") return;
  throw new DMRecError(
    "invalid-options",
    `${owner}: train is ${part === undefined ? "not marked as the training part of a split" : `the part ${JSON.stringify(part)}`}; expected the training part (\`train\` of a SplitDataset, or asTrainingSplit of @dmrec/data), for a profile that knows held-out interactions would leak them`,
  );
}

/** @throws InvalidOptionsError where something that is given for each item has another number. */
export function assertOnePerItem(
  owner: string,
  path: string,
  given: readonly unknown[],
  itemCount: number,
): void {
  if (given.length === itemCount) return;
  const message = `${given.length} of them; expected ${itemCount}, one for each item of the training part`;
  throw new InvalidOptionsError(owner, [{ path, message }]);
}

/** @throws InvalidOptionsError naming the first review of nobody or nothing. */
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
  throw new InvalidOptionsError(owner, [{ path: `reviews.${wrong}`, message }]);
}

/** Reviews by user, the last of an item kept. */
export function reviewsByUser(reviews: readonly Review[]): ReadonlyMap<number, readonly Review[]> {
  const byUser = new Map<number, Review[]>();
  for (const review of reviews) {
    const own = byUser.get(review.user);
    if (own) own.push(review);
    else byUser.set(review.user, [review]);
  }
  return byUser;
}
