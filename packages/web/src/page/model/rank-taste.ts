import type { Space } from "../../content/page-content";
import type { Rankings } from "./answers";
import { bestItems } from "./best-items";
import type { Taste } from "./taste";
import { audienceOf, knownWords, type TasteModel } from "./taste-model";

/** The scores of all items in each space that has something to say. */
export type SpaceScores = { readonly both: Float32Array } & { readonly [space in Space]?: Float32Array };

/**
 * Scores all items for a taste: by its picks only, by its words only, and by both, each less a share of the scores for anyone.
 * Without picks and words, the scores are those for anyone.
 */
export async function scoreTaste(model: TasteModel, taste: Taste): Promise<SpaceScores> {
  const words = knownWords(model, taste);
  const { picks, popularityPenalty } = taste;
  const asked = {
    anyone: audienceOf(model, [], []),
    ...(picks.length > 0 && { clicks: audienceOf(model, picks, []) }),
    ...(words.length > 0 && { words: audienceOf(model, [], words) }),
    ...(picks.length > 0 && words.length > 0 && { both: audienceOf(model, picks, words) }),
  };
  const answers = await model.recommender.scoreAll(Object.values(asked));
  const [anyone] = answers;
  const special = answers.map((scores) =>
    scores.map((score, item) => score - popularityPenalty * anyone[item]),
  );
  const scores: { readonly [name: string]: Float32Array | undefined } = Object.fromEntries(
    Object.keys(asked).map((name, index) => [name, special[index]]),
  );
  const { clicks, words: byWords } = scores;
  return {
    both: scores.both ?? byWords ?? clicks ?? anyone,
    ...(clicks && { clicks }),
    ...(byWords && { words: byWords }),
  };
}

/** The best items of each space, without those that were picked. */
export function rankItems(scores: SpaceScores, { picks }: Taste, count: number): Rankings {
  const without = new Set(picks);
  const { both, clicks, words } = scores;
  const best = (values: Float32Array) => bestItems(values, { count, without });
  return { both: best(both), ...(clicks && { clicks: best(clicks) }), ...(words && { words: best(words) }) };
}
