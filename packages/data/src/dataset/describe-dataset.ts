import type { SplitDataset } from "@dmrec/core";
import { interactionCount } from "../interactions/interaction-matrix";

/** The counts of a dataset. */
export interface DatasetDescription {
  readonly users: number;
  readonly items: number;
  readonly train: number;
  readonly validation: number;
  readonly test: number;
  /** The share of all pairs of user and item that any part holds. */
  readonly density: number;
}

/**
 * Counts users, items and interactions.
 *
 * @example
 * const { users, items, density } = describeDataset(data);
 */
export function describeDataset({ userCount, itemCount, ...parts }: SplitDataset): DatasetDescription {
  const [train, validation, test] = [parts.train, parts.validation, parts.test].map(interactionCount);
  const pairs = userCount * itemCount;
  return {
    users: userCount,
    items: itemCount,
    train,
    validation,
    test,
    density: pairs === 0 ? 0 : (train + validation + test) / pairs,
  };
}
