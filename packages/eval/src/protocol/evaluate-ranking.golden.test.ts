import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { InteractionMatrix } from "@dmrec/core";
import { expect, it } from "vitest";
import { ndcg } from "../metrics/ndcg";
import { precision } from "../metrics/precision";
import { recall } from "../metrics/recall";
import { summedReciprocalRank } from "../metrics/reciprocal-rank";
import { evaluateRanking } from "./evaluate-ranking";

interface GoldenMetrics {
  readonly k: readonly number[];
  readonly scores: readonly (readonly number[])[];
  readonly train: readonly (readonly number[])[];
  readonly test: readonly (readonly number[])[];
  readonly evaluatedUsers: number;
  readonly expected: Readonly<Record<"recall" | "ndcg" | "precision" | "mrr", readonly number[]>>;
}

const file = resolve(process.env.DMREC_GOLDEN_DIR ?? "../shared/golden", "metrics.json");

function matrixOf(lists: readonly (readonly number[])[], itemCount: number): InteractionMatrix {
  const items = lists.flatMap((list) => [...list].sort((a, b) => a - b));
  const offsets = Int32Array.of(0, ...lists.map((_, user) => lists.slice(0, user + 1).flat().length));
  return {
    userCount: lists.length,
    itemCount,
    offsets,
    items: Int32Array.from(items),
    weights: new Float32Array(items.length).fill(1),
  };
}

it.skipIf(!existsSync(file))(`gives the reference's metrics (skipped where ${file} is absent)`, async () => {
  const golden: GoldenMetrics = JSON.parse(readFileSync(file, "utf8"));
  const itemCount = golden.scores[0].length;
  const [train, test] = [golden.train, golden.test].map((lists) => matrixOf(lists, itemCount));
  const ids = (count: number) => Array.from({ length: count }, (_, index) => String(index));
  const { metrics, evaluatedUsers } = await evaluateRanking({
    score: async (users) => Float32Array.from(Array.from(users, (user) => golden.scores[user]).flat()),
    data: {
      name: "golden",
      userCount: golden.scores.length,
      itemCount,
      train: { ...train, part: "train" },
      validation: matrixOf(
        golden.scores.map(() => []),
        itemCount,
      ),
      test,
      userIds: ids(golden.scores.length),
      itemIds: ids(itemCount),
    },
    part: "test",
    cutoffs: golden.k,
    metrics: [recall, ndcg, precision, summedReciprocalRank],
    batchSize: 7,
  });
  expect(evaluatedUsers.length).toBe(golden.evaluatedUsers);
  golden.k.forEach((cutoff, index) => {
    const { expected } = golden;
    const pairs = {
      recall: expected.recall,
      ndcg: expected.ndcg,
      precision: expected.precision,
      "summed-mrr": expected.mrr,
    };
    for (const [name, values] of Object.entries(pairs)) {
      // The file has ten digits.
      expect(Math.abs(metrics[`${name}@${cutoff}`] - values[index]), `${name}@${cutoff}`).toBeLessThan(1e-9);
    }
  });
});
