import type { ExampleRows, ForwardContext, PairBatch, PairRows } from "@dmrec/core";
import type * as tf from "@tensorflow/tfjs-core";

/** A side of a pair whose nodes may repeat within a step. */
export type PairSide = "users" | "positives";

/**
 * 1 for the first pair of each user or positive item of a step and 0 for its further pairs, `[pairs]`. A mean with these
 * weights is one over different nodes, without arrays whose sizes change from step to step.
 */
export function firstOccurrences(side: PairSide, batch: PairBatch, context: ForwardContext): tf.Tensor1D {
  return context.feed<tf.Rank.R1>([batch.pairCount], ({ batch: rows }) => {
    const seen = new Set<number>();
    return Float32Array.from(nodesOf(rows, side), (node) => {
      const isFirst = !seen.has(node);
      seen.add(node);
      return Number(isFirst);
    });
  });
}

/** A model of pairs gets batches of pairs. */
function nodesOf(rows: ExampleRows, side: keyof Pick<PairRows, PairSide>): Int32Array {
  return "positives" in rows ? rows[side] : new Int32Array(0);
}
