import { type ItemAttributes, parseOptions, RandomGenerator, type TrainingInteractions } from "@dmrec/core";
import { type Profile, unknownProfile } from "./profile";
import { excerpt } from "./prompts/item-prompt";
import {
  assertOnePerItem,
  assertTrainingPart,
  type HistorySampleOptions,
  historySampleSchema,
} from "./prompts/user-prompt";

/** The most tags of their items in a user's text. */
const maximumTags = 12;
/** The most characters of an item's description in a user's text. */
const maximumExcerpt = 160;

/**
 * Writes profiles of items from their attributes, without a language model. An item without attributes is
 * `insufficient`.
 *
 * @example
 * const profiles = templateItemProfiles([{ title: "Emma", tags: ["classic"] }]);
 */
export function templateItemProfiles(items: readonly ItemAttributes[]): Profile[] {
  return items.map(({ title, tags = [], description, details = {} }) => {
    const sentences = [
      sentence(title),
      labelled("Tags", tags),
      sentence(description),
      sentence(
        Object.entries(details)
          .map(([name, value]) => `${name}: ${value}`)
          .join("; "),
      ),
    ];
    return toProfile(sentences, "Filled in from what is known about the item, without a language model.");
  });
}

export interface TemplateUserProfilesOptions extends HistorySampleOptions {
  /** The training part: a profile made from held-out interactions would leak them. */
  readonly train: TrainingInteractions;
  /** The attributes of the items, `[items]`. */
  readonly items: readonly ItemAttributes[];
}

/**
 * Writes profiles of users without a language model: the most frequent tags of their training items, and a sample of these
 * items. A user without training items that have attributes is `insufficient`.
 *
 * @example
 * const profiles = templateUserProfiles({ train: data.train, items });
 *
 * @throws InvalidOptionsError also for anything but a training part.
 */
export function templateUserProfiles({ train, items, ...options }: TemplateUserProfilesOptions): Profile[] {
  const owner = "templateUserProfiles";
  assertTrainingPart(owner, train);
  const { sampleSize, seed } = parseOptions(owner, historySampleSchema, options);
  assertOnePerItem(`${owner}.items`, items, train.itemCount);
  const random = RandomGenerator.fromSeed(seed).fork("history");
  return Array.from({ length: train.userCount }, (_, user) => {
    const own = train.items.slice(train.offsets[user], train.offsets[user + 1]);
    const tags = mostFrequent(Array.from(own).flatMap((item) => items[item].tags ?? []));
    const sample = Array.from(random.fork(user).shuffle(own))
      .map((item) => describeItem(items[item]))
      .filter((text) => text !== "");
    const sentences = [
      tags.length > 0 ? sentence(`Prefers ${tags.join(", ")}`) : "",
      sample.length > 0 ? sentence(`Chose ${sample.slice(0, sampleSize).join("; ")}`) : "",
    ];
    return toProfile(sentences, "Filled in from training items and their tags, without a language model.");
  });
}

function toProfile(sentences: readonly string[], reasoning: string): Profile {
  const summary = sentences.filter((text) => text !== "").join(" ");
  return summary === "" ? unknownProfile : { status: "ok", summary, reasoning };
}

function labelled(label: string, tags: readonly string[]): string {
  const named = tags.map((tag) => tag.trim()).filter((tag) => tag !== "");
  return named.length > 0 ? sentence(`${label}: ${named.join(", ")}`) : "";
}

const sentence = (text = "") => (/^\s*$|[.!?…]\s*$/.test(text) ? text.trim() : `${text.trim()}.`);

function describeItem({ title, description }: ItemAttributes): string {
  const texts = [title?.trim(), description?.trim() && excerpt(description, maximumExcerpt)];
  return texts.filter(Boolean).join(": ").replace(/[.;]$/, "");
}

/** The most frequent tags; of equally frequent ones, those that came first. */
function mostFrequent(tags: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, maximumTags)
    .map(([tag]) => tag);
}
