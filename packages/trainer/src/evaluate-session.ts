import type { RankingReport, SplitDataset } from "@dmrec/core";
import { gatherRows } from "@dmrec/data";
import { evaluateRanking } from "@dmrec/eval";
import type { EvaluateSettings } from "./call-options";
import type { EngineSession } from "./engine/engine";
import type { TrainerSettings } from "./trainer-options";

/** Full-ranking metrics of a session's present weights, from the users' training interactions. */
export function evaluateSession(
  session: EngineSession,
  data: SplitDataset,
  { batchSize, evaluation }: Pick<TrainerSettings, "batchSize" | "evaluation">,
  { part, cutoffs = evaluation.cutoffs }: EvaluateSettings,
): Promise<RankingReport> {
  // Reused across batches: a new array for each would leave hundreds of megabytes of garbage.
  let scores = new Float32Array(0);
  return evaluateRanking({
    async score(users) {
      const size = users.length * data.itemCount;
      if (scores.length < size) scores = new Float32Array(size);
      await session.score(gatherRows(data.train, users), scores);
      return scores.subarray(0, size);
    },
    rank: (users, request) => session.rank(gatherRows(data.train, users), { users, ...request }),
    data,
    part,
    cutoffs,
    excludeSeen: evaluation.excludeSeen,
    batchSize: Math.min(
      batchSize,
      largestBatch.users,
      Math.max(1, Math.floor(largestBatch.scores / data.itemCount)),
    ),
  });
}

/** Users and scores (64 MiB) at a time, also if a step trains on more examples. */
const largestBatch = { users: 1024, scores: 1 << 24 };
