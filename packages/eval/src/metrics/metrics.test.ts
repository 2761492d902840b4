import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { averagePrecision } from "./average-precision";
import { hitRate } from "./hit-rate";
import { ndcg } from "./ndcg";
import { precision } from "./precision";
import type { RankedUser } from "./ranking-metric";
import { recall } from "./recall";
import { reciprocalRank, summedReciprocalRank } from "./reciprocal-rank";

const rankedUser: fc.Arbitrary<RankedUser> = fc.integer({ min: 1, max: 20 }).chain((cutoff) =>
  fc.uniqueArray(fc.nat(cutoff - 1)).chain((ranks) =>
    fc.nat(10).map((missed) => ({
      hits: ranks.sort((a, b) => a - b),
      relevantCount: Math.max(1, ranks.length + missed),
      cutoff,
    })),
  ),
);

describe("metrics", () => {
  it("lie between 0 and 1, 0 without a hit", () => {
    fc.assert(
      fc.property(rankedUser, (user) => {
        for (const { perUser } of [recall, ndcg, precision, reciprocalRank, averagePrecision, hitRate]) {
          const value = perUser(user);
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1 + 1e-12);
          expect(value === 0).toBe(user.hits.length === 0);
        }
      }),
    );
  });

  it("are 1 for a perfect ranking", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.nat(10), (relevantCount, beyond) => {
        const user = {
          hits: Array.from({ length: relevantCount }, (_, rank) => rank),
          relevantCount,
          cutoff: relevantCount + beyond,
        };
        for (const { perUser } of [recall, ndcg, reciprocalRank, averagePrecision, hitRate])
          expect(perUser(user)).toBeCloseTo(1, 12);
      }),
    );
  });

  it("give the textbook's values for hits at ranks 1 and 3 of three relevant items, cut at 5", () => {
    const user = { hits: [0, 2], relevantCount: 3, cutoff: 5 };
    expect(recall.perUser(user)).toBeCloseTo(2 / 3, 12);
    expect(precision.perUser(user)).toBeCloseTo(2 / 5, 12);
    expect(reciprocalRank.perUser({ ...user, hits: [1, 2] })).toBeCloseTo(1 / 2, 12);
    expect(summedReciprocalRank.perUser(user)).toBeCloseTo(1 + 1 / 3, 12);
    expect(averagePrecision.perUser(user)).toBeCloseTo((1 + 2 / 3) / 3, 12);
    expect(ndcg.perUser(user)).toBeCloseTo((1 + 1 / 2) / (1 + 1 / Math.log2(3) + 1 / 2), 12);
  });

  it("rise with a better rank where they heed ranks", () => {
    const [early, late] = [0, 4].map((rank) => ({ hits: [rank], relevantCount: 2, cutoff: 5 }));
    for (const { perUser } of [ndcg, reciprocalRank, averagePrecision])
      expect(perUser(early)).toBeGreaterThan(perUser(late));
  });
});
