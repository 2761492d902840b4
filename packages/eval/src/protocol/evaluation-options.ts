import type { HeldOutPart, InteractionMatrix, SplitDataset } from "@dmrec/core";
import { z } from "zod";
import { ndcg } from "../metrics/ndcg";
import type { RankingMetric } from "../metrics/ranking-metric";
import { recall } from "../metrics/recall";
import { type SeenPolicy, seenPolicies } from "./seen-items";

/** The items that a ranking leaves out, and its length. */
export interface RankRequest {
  readonly excluded: readonly InteractionMatrix[];
  /** The length of each ranking; shorter only if fewer items are left. */
  readonly count: number;
}

export interface EvaluateRankingOptions {
  /**
   * Returns the scores of all items for some users, `[users, items]` row after row. The array belongs to the evaluation
   * until the next call: it overwrites the scores of seen items with −∞.
   */
  readonly score: (users: Int32Array) => Promise<Float32Array>;
  /**
   * Ranks the items for some users without scores on the host, and without items that the user has in `excluded`; of equal scores,
   * the lower index comes first. Undefined: `score` is asked instead, and its scores are ranked here.
   *
   * @default always undefined
   */
  readonly rank?:
    | ((users: Int32Array, request: RankRequest) => Promise<readonly Int32Array[] | undefined>)
    | undefined;
  /** The data with the part, and with the training part of each user. */
  readonly data: SplitDataset;
  /** The part whose items are to be found. */
  readonly part: HeldOutPart;
  /** Lengths of the rankings that are measured. @default [10, 20] */
  readonly cutoffs?: readonly number[] | undefined;
  /** Metrics of different names. @default [recall, ndcg] */
  readonly metrics?: readonly RankingMetric[] | undefined;
  /**
   * The parts whose items are left out of a user's ranking. The programs of the DMRec family leave out the training part.
   *
   * @default "train"
   */
  readonly excludeSeen?: SeenPolicy | undefined;
  /**
   * Users scored at a time.
   *
   * @default 1024
   */
  readonly batchSize?: number | undefined;
  /** Called after each batch with the number of users that are done, and of all users. */
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
}

const functionSchema = <Signature>() =>
  z.custom<Signature>((value) => typeof value === "function", "expected a function");

const metricSchema = z.custom<RankingMetric>(
  (value) =>
    typeof value === "object" &&
    value !== null &&
    "name" in value &&
    typeof value.name === "string" &&
    "perUser" in value &&
    typeof value.perUser === "function",
  "expected a metric: an object with a name and a function perUser",
);

/** The schema of {@link EvaluateRankingOptions}. */
export const evaluationSchema = z.strictObject({
  score: functionSchema<EvaluateRankingOptions["score"]>(),
  rank: functionSchema<NonNullable<EvaluateRankingOptions["rank"]>>().optional(),
  data: z.custom<SplitDataset>(
    (value) => typeof value === "object" && value !== null && "train" in value,
    "expected a split dataset",
  ),
  part: z.enum(["validation", "test"]),
  cutoffs: z
    .array(z.int("expected positive integers").positive("expected positive integers"))
    .nonempty("expected at least one cut-off")
    .readonly()
    .default([10, 20]),
  metrics: z
    .array(metricSchema)
    .refine((metrics) => new Set(metrics.map(({ name }) => name)).size === metrics.length, {
      error: "two metrics of one name; expected names that differ",
    })
    .readonly()
    .default([recall, ndcg]),
  excludeSeen: z.enum(seenPolicies).default("train"),
  batchSize: z.int().positive().default(1024),
  onProgress: functionSchema<NonNullable<EvaluateRankingOptions["onProgress"]>>().optional(),
});
