import {
  InvalidOptionsError,
  type ItemAttributes,
  parseOptions,
  RandomGenerator,
  type TrainingInteractions,
} from "@dmrec/core";
import { z } from "zod";
import type { Profile } from "./profile";
import { assertTrainingPart } from "./prompts/user-prompt";

const reasoning = "Put together from attributes by a template, without a language model.";
const nothing: Profile = {
  status: "insufficient",
  reasoning: "Nothing is known that a profile could rest on.",
};

/** Characters of a description that a user's profile holds. */
const excerptLength = 200;
/** Tags that a user's profile names. */
const favouriteTags = 6;

const optionsSchema = z.strictObject({
  /** How many items of a user's history a profile tells of. */
  sampleSize: z.int().positive().default(8),
  /** Of the sample. */
  seed: z.int().nonnegative().default(2024),
});

export interface TemplateUserProfilesOptions extends z.input<typeof optionsSchema> {
  /** The training part alone: a profile that knows held-out interactions would leak them. */
  readonly train: TrainingInteractions;
  /** What is known about the items, `[items]`. */
  readonly items: readonly ItemAttributes[];
}

/** An item's profile from its attributes, without a language model: offline, free and plain. */
export function templateItemProfile({
  title,
  tags = [],
  description,
  details = {},
}: ItemAttributes): Profile {
  const parts = [
    sentence(title),
    sentence(tags.map(trimmed).filter(Boolean).join(", ")),
    ...Object.entries(details).map(([name, value]) => sentence(`${name}: ${value}`)),
    sentence(description),
  ];
  return profileOf(parts);
}

/**
 * A profile of each user from their training items, without a language model: the tags that they choose most, and a
 * sample of the items.
 *
 * @throws InvalidOptionsError
 * @throws DMRecError for anything but a training part.
 */
export function templateUserProfiles({ train, items, ...rest }: TemplateUserProfilesOptions): Profile[] {
  const owner = "templateUserProfiles";
  assertTrainingPart(train);
  const { sampleSize, seed } = parseOptions(owner, optionsSchema, rest);
  if (items.length !== train.itemCount) {
    const message = `${items.length} of them; expected ${train.itemCount}, one for each item of the training part`;
    throw new InvalidOptionsError(owner, [{ path: "items", message }]);
  }
  const random = RandomGenerator.fromSeed(seed).fork("template");
  return Array.from({ length: train.userCount }, (_, user) => {
    const chosen = train.items.slice(train.offsets[user], train.offsets[user + 1]);
    const sample = random.fork(user).shuffle(chosen.slice()).subarray(0, sampleSize);
    const favourites = favouritesOf(Array.from(chosen, (item) => items[item].tags ?? []));
    return profileOf([
      sentence(favourites.length > 0 ? `Likes ${favourites.join(", ")}` : ""),
      ...Array.from(sample, (item) =>
        sentence(
          [items[item].title, excerptOf(items[item].description)].map(trimmed).filter(Boolean).join(": "),
        ),
      ),
    ]);
  });
}

/** The tags of most items, most frequent first. */
function favouritesOf(tagsOfItems: readonly (readonly string[])[]): string[] {
  const counts = new Map<string, number>();
  for (const tags of tagsOfItems)
    for (const tag of new Set(tags.map(trimmed))) if (tag) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, favouriteTags)
    .map(([tag]) => tag);
}

function profileOf(parts: readonly string[]): Profile {
  const summary = parts.filter(Boolean).join(" ");
  return summary === "" ? nothing : { status: "ok", summary, reasoning };
}

function excerptOf(text: string | undefined): string {
  const whole = trimmed(text);
  return whole.length <= excerptLength ? whole : whole.slice(0, excerptLength).replace(/\s+\S*$/, "");
}

/** A text with a full stop, where it ends in none; nothing of an empty one. */
function sentence(text: string | undefined): string {
  const own = trimmed(text);
  return own === "" || /[.!?…]$/.test(own) ? own : `${own}.`;
}

const trimmed = (text: string | undefined): string => text?.trim() ?? "";
