import {
  type InteractionMatrix,
  InvalidDataError,
  parseOptions,
  type RankingReport,
  type SplitDataset,
} from "@dmrec/core";
import { type EvaluateRankingOptions, evaluationSchema } from "./evaluation-options";
import { maskItems, seenInteractions } from "./seen-items";
import { topK } from "./top-k";

/**
 * The full-ranking protocol: scores all items for every user with items in the part, leaves out the items that the
 * user has seen, and measures the top of the ranking. Users without items in the part are left out.
 *
 * @throws InvalidDataError if no user has items in the part, `score` returns another number of scores or NaN, or a metric
 *   returns no number.
 * @throws InvalidOptionsError
 * @example
 * const { metrics } = await evaluateRanking({ score, data, part: "test", cutoffs: [20] });
 * console.log(metrics["recall@20"]);
 */
export async function evaluateRanking(options: EvaluateRankingOptions): Promise<RankingReport> {
  const { score, rank, data, part, cutoffs, metrics, excludeSeen, batchSize, onProgress } = parseOptions(
    "evaluateRanking",
    evaluationSchema,
    options,
  );
  const relevant = data[part];
  const evaluatedUsers = usersWithItems(relevant.offsets);
  if (evaluatedUsers.length === 0) {
    const expected =
      "users with items in it, such as those of a 3:1:1 split of 5 interactions or more for each user";
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
    const ranked = await rank?.(users, { excluded: seen, count: largest });
    const own = ranked ?? rankingsOf(await score(users), users, { data, seen, largest });
    users.forEach((user, row) => {
      const ranking = own[row];
      rankings.push(ranking);
      const items = relevant.items.subarray(relevant.offsets[user], relevant.offsets[user + 1]);
      const hits = ranksOf(items, ranking);
      for (const cutoff of cutoffs) {
        const ranked = { hits: hits.filter((rank) => rank < cutoff), relevantCount: items.length, cutoff };
        for (const { name, perUser: measure } of metrics)
          perUser[`${name}@${cutoff}`][start + row] = measured(name, measure(ranked), user);
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

/** The rankings of users by their scores, without the items that they have seen. */
function rankingsOf(
  scores: unknown,
  users: Int32Array,
  options: {
    readonly data: SplitDataset;
    readonly seen: readonly InteractionMatrix[];
    readonly largest: number;
  },
): Int32Array[] {
  const { data, seen, largest } = options;
  assertScores(scores, users.length, data);
  return Array.from(users, (user, row) => {
    const own = scores.subarray(row * data.itemCount, (row + 1) * data.itemCount);
    assertNumbers(own, user);
    maskItems(own, user, seen);
    return topK(own, largest);
  });
}

function assertScores(
  scores: unknown,
  userCount: number,
  { itemCount }: SplitDataset,
): asserts scores is Float32Array {
  if (scores instanceof Float32Array && scores.length === userCount * itemCount) return;
  throw new InvalidDataError({
    source: "scores",
    actual: scores instanceof Float32Array ? `${scores.length} numbers` : "no Float32Array",
    expected: `a Float32Array of ${userCount * itemCount} numbers: ${userCount} users with ${itemCount} items each`,
  });
}

/** The value of a metric, which may be the caller's own function. */
function measured(metric: string, value: unknown, user: number): number {
  if (typeof value === "number" && !Number.isNaN(value)) return value;
  throw new InvalidDataError({
    source: `metric ${metric}`,
    location: `user ${user}`,
    actual: String(value),
    expected: "a number",
  });
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
