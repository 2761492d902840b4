import {
  type HeldOutPart,
  InvalidDataError,
  invalidOption,
  type RankingReport,
  type SplitDataset,
} from "@dmrec/core";
import { ndcg } from "../metrics/ndcg";
import type { RankingMetric } from "../metrics/ranking-metric";
import { recall } from "../metrics/recall";
import { maskItems, type SeenPolicy, seenInteractions } from "./seen-items";
import { topK } from "./top-k";

export interface EvaluateRankingOptions {
  /**
   * Returns the scores of all items for some users, `[users, items]` row after row. The array belongs to the evaluation
   * until the next call: it overwrites the scores of seen items with −∞.
   */
  readonly score: (users: Int32Array) => Promise<Float32Array>;
  readonly data: SplitDataset;
  /** The part whose items are to be found. */
  readonly part: HeldOutPart;
  /** @default [10, 20] */
  readonly cutoffs?: readonly number[];
  /** @default [recall, ndcg] */
  readonly metrics?: readonly RankingMetric[];
  /**
   * The parts whose items are left out of a user's ranking. The programs of the DMRec family leave out the training part.
   *
   * @default "train"
   */
  readonly excludeSeen?: SeenPolicy;
  /**
   * Users scored at a time.
   *
   * @default 1024
   */
  readonly batchSize?: number;
  /** Called after each batch with the number of users that are done, and of all users. */
  readonly onProgress?: (done: number, all: number) => void;
}

/**
 * The full-ranking protocol: scores all items for every user with items in the part, leaves out the items that the
 * user has seen, and measures the top of the ranking. Users without items in the part are left out.
 *
 * @throws InvalidDataError if no user has items in the part, or a score is NaN.
 * @throws InvalidOptionsError
 * @example
 * const { metrics } = await evaluateRanking({ score, data, part: "test", cutoffs: [20] });
 * console.log(metrics["recall@20"]);
 */
export async function evaluateRanking({
  score,
  data,
  part,
  cutoffs = [10, 20],
  metrics = [recall, ndcg],
  excludeSeen = "train",
  batchSize = 1024,
  onProgress,
}: EvaluateRankingOptions): Promise<RankingReport> {
  assertCutoffs(cutoffs);
  const relevant = data[part];
  const evaluatedUsers = usersWithItems(relevant.offsets);
  if (evaluatedUsers.length === 0) {
    const expected = "users with items in it to evaluate";
    throw new InvalidDataError({
      source: data.name,
      actual: `no user has an item in the ${part} part`,
      expected,
    });
  }
  const seen = seenInteractions(excludeSeen, data);
  const largest = Math.max(...cutoffs);
  const perUser = Object.fromEntries(
    metrics.flatMap(({ name }) =>
      cutoffs.map((cutoff) => [`${name}@${cutoff}`, new Float64Array(evaluatedUsers.length)]),
    ),
  );
  const rankings: Int32Array[] = [];

  for (let start = 0; start < evaluatedUsers.length; start += batchSize) {
    const users = evaluatedUsers.slice(start, start + batchSize);
    const scores = await score(users);
    users.forEach((user, row) => {
      const own = scores.subarray(row * data.itemCount, (row + 1) * data.itemCount);
      assertNumbers(own, user);
      maskItems(own, user, seen);
      const ranking = topK(own, largest);
      rankings.push(ranking);
      const items = relevant.items.subarray(relevant.offsets[user], relevant.offsets[user + 1]);
      const hits = ranksOf(items, ranking);
      for (const cutoff of cutoffs) {
        const ranked = { hits: hits.filter((rank) => rank < cutoff), relevantCount: items.length, cutoff };
        for (const { name, perUser: measure } of metrics)
          perUser[`${name}@${cutoff}`][start + row] = measure(ranked);
      }
    });
    onProgress?.(start + users.length, evaluatedUsers.length);
  }
  const means = Object.entries(perUser).map(([name, values]) => [name, mean(values)]);
  return { metrics: Object.fromEntries(means), perUser, evaluatedUsers, rankings };
}

function usersWithItems(offsets: Int32Array): Int32Array {
  const users = Int32Array.from({ length: offsets.length - 1 }, (_, user) => user);
  return users.filter((user) => offsets[user + 1] > offsets[user]);
}

/** Zero-based ranks of some items in a ranking, ascending. */
function ranksOf(items: Int32Array, ranking: Int32Array): number[] {
  const relevant = new Set(items);
  return Array.from(ranking.keys()).filter((rank) => relevant.has(ranking[rank]));
}

function assertNumbers(scores: Float32Array, user: number): void {
  // A plain loop: findIndex takes longer than the whole ranking.
  for (let item = 0; item < scores.length; item += 1) {
    if (!Number.isNaN(scores[item])) continue;
    throw new InvalidDataError({
      source: "scores",
      location: `user ${user}, item ${item}`,
      actual: "NaN",
      expected: "a number",
    });
  }
}

function assertCutoffs(cutoffs: readonly number[]): void {
  if (cutoffs.length > 0 && cutoffs.every((cutoff) => Number.isInteger(cutoff) && cutoff > 0)) return;
  throw invalidOption("evaluateRanking.cutoffs", `[${cutoffs.join(", ")}]; expected positive integers`);
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
