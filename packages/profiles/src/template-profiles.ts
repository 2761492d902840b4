import { type ItemAttributes, parseOptions, RandomGenerator, type TrainingInteractions } from "@dmrec/core";
import type { z } from "zod";
import type { Profile } from "./profile";
import { excerpt } from "./prompts/item-prompt";
import { assertOnePerItem, assertTrainingPart, historySampleSchema } from "./prompts/user-prompt";

/** How many tags of their items a user's text names, the most frequent ones. */
const maximumTags = 12;
/** Characters of an item's description in a user's text. */
const maximumExcerpt = 160;

/**
 * Texts about items without a language model: what is known about each, in sentences. An item that nothing is known about
 * is `insufficient`.
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
    return profileOf(sentences, "Filled in from what is known about the item, without a language model.");
  });
}

export interface TemplateUserProfilesOptions extends z.input<typeof historySampleSchema> {
  /** The training part alone: a profile that knows held-out interactions would leak them. */
  readonly train: TrainingInteractions;
  /** What is known about the items, `[items]`. */
  readonly items: readonly ItemAttributes[];
}

/**
 * Texts about users without a language model: the tags that their training items have most often, and a sample of those
 * items. A user without a training item that anything is known about is `insufficient`.
 *
 * @throws InvalidOptionsError
 * @throws DMRecError for anything but a training part.
 */
export function templateUserProfiles({ train, items, ...options }: TemplateUserProfilesOptions): Profile[] {
  const owner = "templateUserProfiles";
  assertTrainingPart(owner, train);
  const { sampleSize, seed } = parseOptions(owner, historySampleSchema, options);
  assertOnePerItem(owner, "items", items, train.itemCount);
  const random = RandomGenerator.fromSeed(seed).fork("history");
  return Array.from({ length: train.userCount }, (_, user) => {
    const own = train.items.slice(train.offsets[user], train.offsets[user + 1]);
    const tags = mostFrequent(Array.from(own).flatMap((item) => items[item].tags ?? []));
    const sample = Array.from(random.fork(user).shuffle(own))
      .map((item) => inShort(items[item]))
      .filter((text) => text !== "");
    const sentences = [
      tags.length > 0 ? sentence(`Prefers ${tags.join(", ")}`) : "",
      sample.length > 0 ? sentence(`Chose ${sample.slice(0, sampleSize).join("; ")}`) : "",
    ];
    return profileOf(sentences, "Filled in from training items and their tags, without a language model.");
  });
}

function profileOf(sentences: readonly string[], reasoning: string): Profile {
  const summary = sentences.filter((text) => text !== "").join(" ");
  return summary === ""
    ? { status: "insufficient", reasoning: "Nothing is known that a profile could rest on." }
    : { status: "ok", summary, reasoning };
}

function labelled(label: string, tags: readonly string[]): string {
  const named = tags.map((tag) => tag.trim()).filter((tag) => tag !== "");
  return named.length > 0 ? sentence(`${label}: ${named.join(", ")}`) : "";
}

const sentence = (text = "") => (/^\s*$|[.!?…]\s*$/.test(text) ? text.trim() : `${text.trim()}.`);

function inShort({ title, description }: ItemAttributes): string {
  const texts = [title?.trim(), description?.trim() && excerpt(description, maximumExcerpt)];
  return texts.filter(Boolean).join(": ").replace(/[.;]$/, "");
}

/** Those there most often; of equals, those that came first. */
function mostFrequent(tags: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, maximumTags)
    .map(([tag]) => tag);
}
