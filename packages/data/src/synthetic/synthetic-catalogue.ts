import { parseOptions, RandomGenerator, type SplitDataset } from "@dmrec/core";
import { z } from "zod";
import { splitInteractions } from "../interactions/split-interactions";
import { catalogueItems } from "./catalogue-items";
import { chooseItems, drawTaste, userProfile } from "./catalogue-users";
import { embedTexts, inverseDocumentFrequencies } from "./text-embeddings";
import { topics } from "./topics";

export interface SyntheticCatalogueOptions {
  /**
   * Readers.
   *
   * @default 1200
   */
  readonly users?: number | undefined;
  /**
   * Books.
   *
   * @default 800
   */
  readonly items?: number | undefined;
  /**
   * Topics of books and readers.
   *
   * @default 12
   */
  readonly topics?: number | undefined;
  /** @default 64 */
  readonly embeddingWidth?: number | undefined;
  /** @default 2024 */
  readonly seed?: number | undefined;
}

const optionsSchema = z.strictObject({
  users: z.int().min(1).default(1200),
  items: z.int().min(10).default(800),
  topics: z.int().min(2).max(topics.length).default(topics.length),
  embeddingWidth: z.int().positive().default(64),
  seed: z.int().nonnegative().default(2024),
});

/**
 * Generates the data of a bookshop for examples and tests: readers with tastes over topics, books with popularities by
 * Zipf's law, a text about each book and reader that follows their topics, and embeddings of those texts.
 *
 * The interactions are split 3:1:1 for each reader. A reader's text is made only from the training part. The same seed
 * gives the same data.
 *
 * @throws InvalidOptionsError
 * @example
 * const data = syntheticCatalogue({ users: 200, items: 100 });
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
  const topicNames = topics.slice(0, topicCount).map(({ name }) => name);
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
    itemColumns: {
      topics: {
        kind: "texts",
        texts: topicNames,
        values: items.map(({ topics: own }) => own.map((name) => topicNames.indexOf(name))),
      },
    },
    userProfiles,
    itemProfiles,
    profileEmbeddings: { users: embed(userProfiles), items: embed(itemProfiles) },
  };
}
