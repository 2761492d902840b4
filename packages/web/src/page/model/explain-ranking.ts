import type { ServingAudience } from "@dmrec/serving";
import type { Space } from "../../content/page-content";
import type { Rankings, Reason, Reasons, ReasonsBySpace } from "./answers";
import type { Taste } from "./taste";
import { audienceOf, knownWords, type TasteModel, tellingWords } from "./taste-model";

/** The inputs that are tried: the first words, and the last picks. Each costs two rows of the model. */
const mostTried = { words: 16, picks: 24 };
/** The reasons of an item. */
const mostReasons = 3;
/** A reason below this part of the weightiest one is left out. */
const leastShare = 0.2;
/** Users of a run, between which the caller may stop. */
const runSize = 8;

const spaces = ["clicks", "both", "words"] as const;
type Asked = { readonly [space in Space]?: ServingAudience };
type Answered = { readonly [space in Space]?: Float32Array };

/** Something that was said, with what is asked without it in each space that heard it. */
interface Trial {
  readonly reason: Reason;
  readonly asked: Asked;
}

export interface ExplainOptions {
  readonly rankings: Rankings;
  /** Asked between runs of the model. If it answers false, the explanation is given up. */
  readonly goesOn: () => Promise<boolean>;
}

/**
 * Why each item of some rankings is there, by leaving out one picked item or word at a time: how far the item's score falls
 * without it, compared with the mean of all items. Only what raises an item is a reason.
 *
 * @returns The reasons of each item by space; undefined if it was given up.
 */
export async function explainRanking(
  model: TasteModel,
  taste: Taste,
  { rankings, goesOn }: ExplainOptions,
): Promise<ReasonsBySpace | undefined> {
  const words = knownWords(model, taste);
  const { picks } = taste;
  const complete: Asked = {
    ...(picks.length > 0 && { clicks: audienceOf(model, picks, []) }),
    both: audienceOf(model, picks, words),
    ...(words.length > 0 && { words: audienceOf(model, [], words) }),
  };
  const trials = trialsOf(model, taste);
  const answers = await answerAll(model, [complete, ...trials.map(({ asked }) => asked)], goesOn);
  if (!answers) return undefined;
  const [full, ...without] = answers;
  const reasonsIn = (space: Space): Reasons => {
    const scores = full[space];
    const weights = trials.flatMap(({ reason }, index) => {
      const partial = without[index][space];
      return scores && partial ? [{ reason, weightOf: fall(scores, partial) }] : [];
    });
    return new Map(rankings[space]?.map((item) => [item, weightiest(weights, item)]));
  };
  return { clicks: reasonsIn("clicks"), both: reasonsIn("both"), words: reasonsIn("words") };
}

function trialsOf(model: TasteModel, taste: Taste): Trial[] {
  const words = knownWords(model, taste);
  const { picks } = taste;
  const picked = picks.slice(-mostTried.picks).map((item) => {
    const others = picks.filter((other) => other !== item);
    const asked = { clicks: audienceOf(model, others, []), both: audienceOf(model, others, words) };
    return { reason: { kind: "pick", item } as const, asked };
  });
  const typed = tellingWords(model, words)
    .slice(0, mostTried.words)
    .map((word) => {
      const others = words.filter((other) => other !== word);
      const asked = { both: audienceOf(model, picks, others), words: audienceOf(model, [], others) };
      return { reason: { kind: "word", word } as const, asked };
    });
  return [...picked, ...typed];
}

/** The scores of all items for everything that is asked, in small runs; undefined if it was given up between two. */
async function answerAll(
  { recommender }: TasteModel,
  asked: readonly Asked[],
  goesOn: () => Promise<boolean>,
): Promise<Answered[] | undefined> {
  const answers: Answered[] = [];
  const size = Math.ceil(runSize / 2);
  for (let start = 0; start < asked.length; start += size) {
    if (!(await goesOn())) return undefined;
    const run = asked.slice(start, start + size).map((audiences) =>
      spaces.flatMap((space) => {
        const audience = audiences[space];
        return audience ? [{ space, audience }] : [];
      }),
    );
    const scores = await recommender.scoreAll(run.flat().map(({ audience }) => audience));
    let next = 0;
    for (const entries of run)
      answers.push(Object.fromEntries(entries.map(({ space }) => [space, scores[next++]])));
  }
  return answers;
}

/** The weight of an input for an item: how far its score falls without the input, more than the scores of all items do. */
function fall(full: Float32Array, partial: Float32Array): (item: number) => number {
  let sum = 0;
  for (let item = 0; item < full.length; item += 1) sum += full[item] - partial[item];
  const mean = sum / full.length;
  return (item) => full[item] - partial[item] - mean;
}

function weightiest(
  weights: readonly { readonly reason: Reason; readonly weightOf: (item: number) => number }[],
  item: number,
): Reason[] {
  const raising = weights
    .map(({ reason, weightOf }) => ({ reason, weight: weightOf(item) }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  return raising
    .filter(({ weight }) => weight >= leastShare * raising[0].weight)
    .slice(0, mostReasons)
    .map(({ reason }) => reason);
}
