import type { ItemAttributes, Json, RandomGenerator, TrainingInteractions } from "@dmrec/core";
import { DMRecError } from "@dmrec/core";
import type { Profile } from "../profile";
import { excerpt } from "./item-prompt";

const maximumTitle = 300;
const maximumReview = 1500;

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
    if (!title && !summary && !review) return [];
    return [
      {
        ...(title ? { title: excerpt(title, maximumTitle) } : {}),
        ...(summary ? { profile: summary } : {}),
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
export function assertTrainingPart(train: TrainingInteractions): void {
  const { part }: { readonly part: unknown } = train;
  if (part === "train") return;
  throw new DMRecError(
    "invalid-options",
    `generateUserProfiles: train is ${part === undefined ? "not marked as the training part of a split" : `the part ${JSON.stringify(part)}`}; expected the training part (\`train\` of a SplitDataset, or trainingPart of @dmrec/data), for a profile that knows held-out interactions would leak them`,
  );
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
