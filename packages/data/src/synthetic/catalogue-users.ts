import type { InteractionMatrix, RandomGenerator } from "@dmrec/core";
import { itemsOf } from "../interactions/interaction-matrix";
import type { CatalogueItem } from "./catalogue-items";
import { topics } from "./topics";

/** Draws the weights of topics for a user, summing to 1, from a Dirichlet distribution that favours a few topics. */
export function drawTaste(topicCount: number, random: RandomGenerator): Float64Array {
  const draws = Float64Array.from({ length: topicCount }, () => random.gamma(0.25) + 1e-9);
  const sum = draws.reduce((total, draw) => total + draw, 0);
  return draws.map((draw) => draw / sum);
}

/** Draws the items that a user chooses by taste: without replacement, in proportion to match and popularity. */
export function chooseItems(
  taste: Float64Array,
  items: readonly CatalogueItem[],
  random: RandomGenerator,
): Int32Array {
  const count = Math.min(Math.floor(items.length / 3), 5 + Math.floor(15 * random.gamma(1.2)));
  // The largest of log-weights with Gumbel noise are a sample without replacement.
  const keys = new Float64Array(items.length);
  for (const [item, { topicWeights, popularity }] of items.entries()) {
    let match = 0;
    for (let topic = 0; topic < taste.length; topic += 1) match += topicWeights[topic] * taste[topic];
    keys[item] = Math.log(popularity * (match + 0.01) ** 1.2) - Math.log(-Math.log(1 - random.uniform()));
  }
  // Numbers sort much faster than items by their keys.
  const least = keys.toSorted()[items.length - count];
  return Int32Array.from(items.keys())
    .filter((item) => keys[item] >= least)
    .sort((a, b) => keys[b] - keys[a])
    .slice(0, count);
}

/** A text about a user, made only from their training items and tastes. */
export function userProfile(
  user: number,
  train: InteractionMatrix,
  taste: Float64Array,
  items: readonly CatalogueItem[],
  random: RandomGenerator,
): string {
  const read = Array.from(itemsOf(train, user), (item) => items[item]);
  const favourites = [...taste.keys()].sort((a, b) => taste[b] - taste[a]).slice(0, 2);
  const themes = favourites.map((topic) => topics[topic].themes[random.integer(topics[topic].themes.length)]);
  const titles = random.shuffle(read.map(({ title }) => title)).slice(0, 3);
  return `This reader likes ${favourites.map((topic) => topics[topic].name).join(" and ")}, and looks for ${themes.join(" and ")}. Recently read: ${titles.join("; ")}.`;
}
