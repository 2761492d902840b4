import type { RandomGenerator } from "@dmrec/core";
import { type Topic, topics } from "./topics";

export interface CatalogueItem {
  readonly title: string;
  /** The names of its topics, one or two. */
  readonly topics: readonly string[];
  readonly profile: string;
  /** The weight of each topic, summing to 1; one or two are not 0. */
  readonly topicWeights: Float64Array;
  /** Its frequency relative to other items of the same topics. */
  readonly popularity: number;
}

/** Items of one or two of the first `topicCount` topics, their popularity by Zipf's law in random order. */
export function catalogueItems(count: number, topicCount: number, random: RandomGenerator): CatalogueItem[] {
  const ranks = random.shuffle(Int32Array.from({ length: count }, (_, rank) => rank + 1));
  const titles = new Set<string>();
  return Array.from(ranks, (rank) => {
    const first = random.integer(topicCount);
    const second = (first + 1 + random.integer(topicCount - 1)) % topicCount;
    const share = random.uniform() < 0.5 ? 1 : 0.6 + 0.3 * random.uniform();
    const topicWeights = new Float64Array(topicCount);
    topicWeights[second] = 1 - share;
    topicWeights[first] += share;
    const chosen = share === 1 ? [topics[first]] : [topics[first], topics[second]];
    const title = distinctTitle(chosen, titles, random);
    return {
      title,
      topics: chosen.map(({ name }) => name),
      profile: profileOf(title, chosen, random),
      topicWeights,
      popularity: rank ** -0.8,
    };
  });
}

function distinctTitle(chosen: readonly Topic[], titles: Set<string>, random: RandomGenerator): string {
  for (let attempt = 1; ; attempt += 1) {
    const [first, last] = [chosen[0], chosen[chosen.length - 1]];
    const [adjective, noun, other] = [
      pick(last.adjectives, random),
      pick(first.nouns, random),
      pick(last.nouns, random),
    ];
    const plain =
      random.uniform() < 0.5 || noun === other
        ? `The ${adjective} ${noun}`
        : `${noun} of the ${adjective} ${other}`;
    const title = attempt > 20 ? `${plain}, Volume ${attempt - 19}` : plain;
    if (!titles.has(title)) {
      titles.add(title);
      return title;
    }
  }
}

function profileOf(title: string, chosen: readonly Topic[], random: RandomGenerator): string {
  const [first, last] = [chosen[0], chosen[chosen.length - 1]];
  const theme = (topic: Topic) => pick(topic.themes, random);
  const kind =
    chosen.length === 1 ? `a book of ${first.name}` : `a book between ${first.name} and ${last.name}`;
  return `${title} is ${kind}. It tells of ${theme(first)} and ${theme(first)}, with much about ${theme(last)}. Readers of ${theme(first)} will enjoy it.`;
}

function pick(list: readonly string[], random: RandomGenerator): string {
  return list[random.integer(list.length)];
}
