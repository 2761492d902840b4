import type { ExampleKind, ExampleRows, RandomGenerator, SplitDataset, UserExamples } from "@dmrec/core";
import { batchUsers, gatherRows, itemSampler, pairBatches } from "@dmrec/data";

/** The examples of a fit, in batches. The batches of an epoch depend only on the epoch's generator. */
export interface Examples {
  /** Examples of one epoch. */
  readonly count: number;
  readonly batchCount: number;
  /** Messages for the caller, such as users who are left out. */
  readonly warnings: readonly string[];
  /** Returns the batches of an epoch, each made when it is asked for. */
  epoch(random: RandomGenerator): (batch: number) => ExampleRows;
}

/**
 * The training examples of a dataset for a model.
 *
 * @throws InvalidDataError if pairs are asked for and no user has an item that they have not interacted with.
 */
export function trainingExamples(kind: ExampleKind, data: SplitDataset, batchSize: number): Examples {
  return kind.kind === "users" ? userExamples(kind, data, batchSize) : pairExamples(kind, data, batchSize);
}

function userExamples(
  { sampledItems }: UserExamples,
  { userCount, train }: SplitDataset,
  batchSize: number,
): Examples {
  const sampler = sampledItems && itemSampler(train, sampledItems);
  return {
    count: userCount,
    batchCount: Math.ceil(userCount / batchSize),
    warnings: [],
    epoch(random) {
      const batches = [...batchUsers({ userCount, batchSize, random })];
      return (batch) => {
        const rows = gatherRows(train, batches[batch]);
        return sampler ? { ...rows, sample: sampler.sample(rows.items, random.fork("sample", batch)) } : rows;
      };
    },
  };
}

function pairExamples(
  { negatives }: Extract<ExampleKind, { readonly kind: "pairs" }>,
  { train, name }: SplitDataset,
  batchSize: number,
): Examples {
  const pairs = pairBatches(train, { negatives, batchSize });
  const { usersWithoutNegatives: left } = pairs;
  const warning = `${name}: ${left} ${left === 1 ? "user has" : "users have"} interacted with every item, so no negative item exists; their interactions are left out`;
  return {
    count: pairs.pairCount,
    batchCount: pairs.batchCount,
    warnings: left > 0 ? [warning] : [],
    epoch: (random) => (batch) => pairs.batch(random, batch),
  };
}

/** The number of examples in a batch. */
export function exampleCount(rows: ExampleRows): number {
  return "positives" in rows ? rows.users.length : rows.rowCount;
}
