import {
  assertItemLists,
  type ItemAttributes,
  parseOptions,
  RandomGenerator,
  type TrainingInteractions,
} from "@dmrec/core";
import { choiceForms } from "./lists/choice-form";
import { knownItems, numberedItems } from "./lists/item-list";
import type { Profile } from "./profile";
import type { Instructions } from "./prompts/instructions";
import { domains, type PromptDomain } from "./prompts/prompt-template";
import {
  assertOnePerItem,
  assertTrainingPart,
  type HistorySampleOptions,
  historySampleSchema,
  userData,
} from "./prompts/user-prompt";
import { resolveIdentifiers } from "./resolve-identifiers";
import { askOfEach } from "./run/ask-of-each";
import { type DomainRunOptions, domainRunSchema } from "./run/domain-run-options";
import type { ProfileReport } from "./run/profile-report";

export interface ItemChoicesOptions extends DomainRunOptions, HistorySampleOptions {
  /** The training part: a choice by held-out interactions would leak them. */
  readonly train: TrainingInteractions;
  /** The attributes of the items, `[items]`. */
  readonly items: readonly ItemAttributes[];
  /** Items of each user to choose among, `[users][…]`, such as the first ten of a trained recommender. */
  readonly candidates: readonly (readonly number[])[];
  /**
   * The profiles of the items, `[items]`, as `generateItemProfiles` returns them.
   *
   * @default []
   */
  readonly itemProfiles?: readonly (Profile | undefined)[];
  /**
   * The identifiers of the users in the store, `[users]`.
   *
   * @default the indices
   */
  readonly userIds?: readonly string[];
}

/** The candidate that a user would like most, and the one that they would like least, by index. */
export interface GeneratedItemChoice {
  readonly liked: number;
  readonly disliked: number;
}

export interface GeneratedItemChoices {
  /** One for each user, in their order; `undefined` for those without one. Fits the option `choices` of `llmRec`. */
  readonly choices: readonly (GeneratedItemChoice | undefined)[];
  /** Its "profiles" are choices. */
  readonly report: ProfileReport;
}

/**
 * Has a language model choose among some candidates of each user: the item that they would like most, and the one that they
 * would like least (Wei et al. 2024, LLMRec). The prompt shows a sample of the user's training items, and the candidates. A
 * reply with a number that is no candidate's, or the same number twice, is requested again, as invalid profiles are.
 *
 * Candidates about which nothing is known are not shown. A user with fewer than two other candidates, or without a known
 * training item, has no choice and is `insufficient` without a call. Choices in the store are not paid again; they are kept
 * in the collection `<collection>/choices`.
 *
 * @example
 * const { choices } = await generateItemChoices({ model, store, train: data.train, items, candidates });
 * const recommender = llmRec({ interactions: data.train, profileEmbeddings, choices });
 *
 * @throws ProfileRunError if the run cannot go on; what was paid is in the store.
 * @throws StoreError
 * @throws InvalidOptionsError also for anything but a training part.
 */
export async function generateItemChoices(options: ItemChoicesOptions): Promise<GeneratedItemChoices> {
  const owner = "generateItemChoices";
  const { train, items, candidates, itemProfiles = [], userIds, sampleSize, seed, ...rest } = options;
  const { domain: words, collection: name, ...run } = rest;
  const { domain, collection } = parseOptions(owner, domainRunSchema, { domain: words, collection: name });
  assertTrainingPart(owner, train);
  const sample = parseOptions(owner, historySampleSchema, { sampleSize, seed });
  assertOnePerItem(`${owner}.items`, items, train.itemCount);
  if (itemProfiles.length > 0) assertOnePerItem(`${owner}.itemProfiles`, itemProfiles, train.itemCount);
  assertItemLists(`${owner}.candidates`, candidates, train);
  const ids = resolveIdentifiers(`${owner}.userIds`, userIds, train.userCount);
  const random = RandomGenerator.fromSeed(sample.seed).fork("history");
  const known = { items, itemProfiles };
  const history = { ...known, train, reviews: new Map(), sampleSize: sample.sampleSize };
  const shown = candidates.map((list) => knownItems(known, list));
  const formOf = (user: number) => choiceForms(shown[user].length);
  const dataOf = (user: number) => {
    const own = shown[user].length < 2 ? undefined : userData(history, user, random.fork(user));
    return own && { ...own, candidates: numberedItems(known, shown[user]) };
  };
  const { profiles, report } = await askOfEach(
    owner,
    { entity: "user", ids, dataOf },
    {
      instructions: choiceInstructions(domain),
      schemaOf: (user) => formOf(user).schema,
      formOf: (user) => ({ kind: "item-choice", length: shown[user].length }),
    },
    { ...run, collection: `${collection}/choices` },
  );
  const choices = profiles.map((profile, user) => {
    const numbers = formOf(user).read(profile);
    return (
      numbers && {
        liked: shown[user][numbers.liked - 1],
        disliked: shown[user][numbers.disliked - 1],
      }
    );
  });
  return { choices, report };
}

function choiceInstructions(domain: PromptDomain): Instructions {
  const { user, interacted, aspects } = domains[domain];
  return {
    name: `item-choice-${domain}`,
    version: 1,
    text: [
      `You judge for a recommender system what ${user} would like.`,
      `You are given a sample of what they ${interacted} (\`history\`), and numbered \`candidates\`. Of each you see the title, and a profile or a description as far as they are there.`,
      `Compare the candidates with the history: ${aspects}. Choose the one candidate that they would like most, and the one that they would like least. Choose two different candidates even if the difference is small.`,
    ].join("\n"),
  };
}
