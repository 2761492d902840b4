import { parseOptions, RandomGenerator, type SplitDataset } from "@dmrec/core";
import { z } from "zod";
import { splitInteractions } from "../split";
import { catalogueItems } from "./catalogue-items";
import { chooseItems, drawTaste, userProfile } from "./catalogue-users";
import { embedTexts, inverseDocumentFrequencies } from "./text-embeddings";
import { topics } from "./topics";

const optionsSchema = z.strictObject({
  users: z.int().min(1).default(1200),
  items: z.int().min(10).default(800),
  topics: z.int().min(2).max(topics.length).default(topics.length),
  embeddingWidth: z.int().positive().default(64),
  seed: z.int().nonnegative().default(2024),
});

export type SyntheticCatalogueOptions = z.input<typeof optionsSchema>;

/**
 * A made-up bookshop to try things on: readers with tastes over topics, books by Zipf's law, a text about each book and
 * each reader that follows their topics, and embeddings of those texts. Split 3:1:1 per reader; the readers' texts know
 * their training part alone. The same seed gives the same data.
 *
 * @throws InvalidOptionsError
 */
export function syntheticCatalogue(options: SyntheticCatalogueOptions = {}): SplitDataset {
  const {
    users: userCount,
    items: itemCount,
    topics: topicCount,
    embeddingWidth,
    seed,
  } = parseOptions("syntheticCatalogue", optionsSchema, options);
  const random = RandomGenerator.fromSeed(seed).fork("catalogue");
  const items = catalogueItems(itemCount, topicCount, random.fork("items"));
  const tastes = Array.from({ length: userCount }, (_, user) =>
    drawTaste(topicCount, random.fork("taste", user)),
  );
  const choices = tastes.map((taste, user) => chooseItems(taste, items, random.fork("choice", user)));
  const parts = splitInteractions(
    {
      source: "the synthetic catalogue",
      userCount,
      itemCount,
      users: Int32Array.from(choices.flatMap((chosen, user) => Array.from(chosen, () => user))),
      items: Int32Array.from(choices.flatMap((chosen) => [...chosen])),
    },
    { seed },
  );
  const userProfiles = tastes.map((taste, user) =>
    userProfile(user, parts.train, taste, items, random.fork("profile", user)),
  );
  const itemProfiles = items.map(({ profile }) => profile);
  const wordWeights = inverseDocumentFrequencies([...itemProfiles, ...userProfiles]);
  const embed = (texts: readonly string[]) =>
    embedTexts(texts, embeddingWidth, wordWeights, random.fork("words"));
  return {
    name: `synthetic catalogue (seed ${seed})`,
    userCount,
    itemCount,
    ...parts,
    userIds: tastes.map((_, user) => `reader-${user}`),
    itemIds: items.map((_, item) => `book-${item}`),
    itemNames: items.map(({ title }) => title),
    itemAttributes: items.map(({ title, topics: tags, profile }) => ({ title, tags, description: profile })),
    userProfiles,
    itemProfiles,
    profileEmbeddings: { users: embed(userProfiles), items: embed(itemProfiles) },
  };
}
