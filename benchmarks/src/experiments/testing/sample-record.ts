import type { RunRecord } from "../run-record";

/** A record of a run whose users have these values of Recall@20. */
export function sampleRecord(
  seed: number,
  recall: readonly number[],
  more: Partial<RunRecord> = {},
): RunRecord {
  const mean = recall.reduce((sum, value) => sum + value, 0) / recall.length;
  return {
    version: 1,
    seed,
    model: { name: "base" },
    data: { name: "sample", fingerprint: "0123456789abcdef" },
    commit: null,
    engine: "compiled, cpu",
    metrics: { "recall@10": mean / 2, "recall@20": mean, "ndcg@10": mean / 3, "ndcg@20": mean / 2 },
    perUser: { "recall@20": [...recall], "ndcg@20": recall.map((value) => value / 2) },
    userActivity: recall.map((_, user) => user + 1),
    epochs: 3,
    bestEpoch: 3,
    secondsPerEpoch: 0.5,
    curve: [{ epoch: 3, seconds: 1.5, recall: mean }],
    ...more,
  };
}
