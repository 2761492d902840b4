import { assertItemLists, type ItemAttributes, parseOptions } from "@dmrec/core";
import { z } from "zod";
import { knownItems, numberedItems } from "./lists/item-list";
import { orderForms } from "./lists/order-form";
import type { Profile } from "./profile";
import type { Instructions } from "./prompts/instructions";
import { domains, type PromptDomain } from "./prompts/prompt-template";
import { assertOnePerItem } from "./prompts/user-prompt";
import { resolveIdentifiers } from "./resolve-identifiers";
import { askOfEach } from "./run/ask-of-each";
import { type DomainRunOptions, domainRunSchema } from "./run/domain-run-options";
import type { ProfileReport } from "./run/profile-report";

export interface ItemRankingsOptions extends DomainRunOptions {
  /** The profiles of the users, `[users]`, as `generateUserProfiles` returns them. */
  readonly userProfiles: readonly (Profile | undefined)[];
  /** The attributes of the items, `[items]`. */
  readonly items: readonly ItemAttributes[];
  /** Items that were retrieved for each user, `[users][…]`, the nearest first. Lists may be short or empty. */
  readonly retrieved: readonly (readonly number[])[];
  /**
   * The profiles of the items, `[items]`, as `generateItemProfiles` returns them.
   *
   * @default []
   */
  readonly itemProfiles?: readonly (Profile | undefined)[];
  /**
   * The most items of each user in the result.
   *
   * @default 10
   */
  readonly count?: number | undefined;
  /**
   * The identifiers of the users in the store, `[users]`.
   *
   * @default the indices
   */
  readonly userIds?: readonly string[];
}

export interface GeneratedItemRankings {
  /**
   * The first `count` items of each user, `[users][…]`. Those of a user without an order of the model are the first that
   * were retrieved. Fits the option `retrieved` of `proMax`.
   */
  readonly retrieved: readonly (readonly number[])[];
  /** Its "profiles" are orders. */
  readonly report: ProfileReport;
}

const rankingSchema = domainRunSchema.extend({ count: z.int().positive().default(10) });

/**
 * Has a language model order the items that were retrieved for each user by how well they fit the user's profile (Zhang et al.
 * 2026, ProMax). A reply that leaves an item out or repeats one is requested again, as invalid profiles are.
 *
 * Items about which nothing is known are not shown, and follow those that are. A user without a profile, or with fewer than
 * two other items, is `insufficient` without a call. Orders in the store are not paid again; they are kept in the collection
 * `<collection>/rankings`.
 *
 * @example
 * const { retrieved } = await generateItemRankings({ model, store, userProfiles, items, retrieved: nearest });
 * const recommender = proMax({ interactions: data.train, profileEmbeddings, retrieved });
 *
 * @throws ProfileRunError if the run cannot go on; what was paid is in the store.
 * @throws StoreError
 * @throws InvalidOptionsError
 */
export async function generateItemRankings(options: ItemRankingsOptions): Promise<GeneratedItemRankings> {
  const owner = "generateItemRankings";
  const { userProfiles, items, retrieved, itemProfiles = [], userIds, ...rest } = options;
  const { domain: words, collection: name, count: most, ...run } = rest;
  const settings = parseOptions(owner, rankingSchema, { domain: words, collection: name, count: most });
  const { domain, collection, count } = settings;
  const [userCount, itemCount] = [userProfiles.length, items.length];
  if (itemProfiles.length > 0) assertOnePerItem(`${owner}.itemProfiles`, itemProfiles, itemCount);
  assertItemLists(`${owner}.retrieved`, retrieved, { userCount, itemCount });
  const ids = resolveIdentifiers(`${owner}.userIds`, userIds, userCount);
  const known = { items, itemProfiles };
  const shown = retrieved.map((list) => knownItems(known, list));
  const formOf = (user: number) => orderForms(shown[user].length);
  const dataOf = (user: number) => {
    const profile = userProfiles[user];
    if (profile?.status !== "ok" || shown[user].length < 2) return undefined;
    return { profile: profile.summary, items: numberedItems(known, shown[user]) };
  };
  const { profiles, report } = await askOfEach(
    owner,
    { entity: "user", ids, dataOf },
    {
      instructions: rankingInstructions(domain),
      schemaOf: (user) => formOf(user).schema,
      formOf: (user) => ({ kind: "item-ranking", length: shown[user].length }),
    },
    { ...run, collection: `${collection}/rankings` },
  );
  const ranked = retrieved.map((list, user) => {
    const order = formOf(user)
      .read(profiles[user])
      ?.order.map((number) => shown[user][number - 1]);
    return [...new Set([...(order ?? []), ...list])].slice(0, count);
  });
  return { retrieved: ranked, report };
}

function rankingInstructions(domain: PromptDomain): Instructions {
  const { item, user, aspects } = domains[domain];
  return {
    name: `item-ranking-${domain}`,
    version: 1,
    text: [
      `You order items for a recommender system by how well they suit ${user}.`,
      `You are given a \`profile\` of their taste, and numbered \`items\` that may suit them. Each item is a ${item}, with its title, and a profile or a description as far as they are there.`,
      `Judge each item by the profile: ${aspects}. Then give the numbers of all items in order, from the one that suits them best to the one that suits them least. Leave none out.`,
    ].join("\n"),
  };
}
