import {
  type InteractionMatrix,
  InvalidDataError,
  parseOptions,
  RandomGenerator,
  type TrainingInteractions,
} from "@dmrec/core";
import { z } from "zod";
import { asTrainingSplit, interactionMatrix } from "./interaction-matrix";

/** Distinct interactions to split; `timestamps` where a split by time is wanted. */
export interface SplittableInteractions {
  readonly source: string;
  readonly userCount: number;
  readonly itemCount: number;
  readonly users: Int32Array;
  readonly items: Int32Array;
  readonly timestamps?: Float64Array;
}

export interface SplitParts {
  readonly train: TrainingInteractions;
  readonly validation: InteractionMatrix;
  readonly test: InteractionMatrix;
}

export const splitSchema = z.strictObject({
  /** `per-user` splits each user's interactions by the ratio, `global` all of them together. */
  scope: z.enum(["per-user", "global"]).default("per-user"),
  /** Shares of training, validation and test part. */
  ratio: z
    .tuple([z.number().positive(), z.number().nonnegative(), z.number().nonnegative()])
    .default([3, 1, 1]),
  /** Which interactions come first, into the training part: random ones, or the earliest. */
  by: z.enum(["random", "time"]).default("random"),
  seed: z.int().nonnegative().default(2024),
});

export type SplitOptions = z.input<typeof splitSchema>;

/**
 * Splits interactions into training, validation and test part, 3:1:1 by default. Sizes are rounded half up for the two
 * held-out parts; split per user, every user keeps at least one training interaction.
 *
 * @throws InvalidOptionsError
 * @throws InvalidDataError for a split by time without times.
 */
export function splitInteractions(
  interactions: SplittableInteractions,
  options: SplitOptions = {},
): SplitParts {
  const { scope, ratio, by, seed } = parseOptions("splitInteractions", splitSchema, options);
  const { source, users, timestamps } = interactions;
  if (by === "time" && !timestamps) {
    throw new InvalidDataError({
      source,
      actual: "a split by time, but no times",
      expected: "a column of timestamps",
    });
  }
  // Shuffled in any case: interactions of one time are then in random order, not in the file's.
  const order = RandomGenerator.fromSeed(seed).fork("split").shuffle(Int32Array.from(users.keys()));
  if (by === "time" && timestamps) order.sort((a, b) => timestamps[a] - timestamps[b]);

  const parts = scope === "global" ? cut(order, ratio) : cutPerUser(order, interactions, ratio);
  const [train, validation, test] = parts.map((entries) => matrixOf(interactions, entries));
  return { train: asTrainingSplit(train), validation, test };
}

type Ratio = readonly [number, number, number];

/** Consecutive stretches of an order, by the ratio. */
function cut(order: Int32Array, [train, validation, test]: Ratio): [Int32Array, Int32Array, Int32Array] {
  const all = train + validation + test;
  const held = (share: number) => Math.round((order.length * share) / all);
  const trainEnd = Math.max(Math.min(1, order.length), order.length - held(validation) - held(test));
  const validationEnd = Math.max(trainEnd, order.length - held(test));
  return [
    order.subarray(0, trainEnd),
    order.subarray(trainEnd, validationEnd),
    order.subarray(validationEnd),
  ];
}

function cutPerUser(
  order: Int32Array,
  { users, userCount }: SplittableInteractions,
  ratio: Ratio,
): Int32Array[] {
  const offsets = new Int32Array(userCount + 1);
  for (const user of users) offsets[user + 1] += 1;
  for (let user = 0; user < userCount; user += 1) offsets[user + 1] += offsets[user];
  const next = offsets.slice();
  const byUser = new Int32Array(order.length);
  for (const entry of order) {
    byUser[next[users[entry]]] = entry;
    next[users[entry]] += 1;
  }
  const parts: number[][] = [[], [], []];
  for (let user = 0; user < userCount; user += 1) {
    cut(byUser.subarray(offsets[user], offsets[user + 1]), ratio).forEach((entries, part) => {
      for (const entry of entries) parts[part].push(entry);
    });
  }
  return parts.map((entries) => Int32Array.from(entries));
}

function matrixOf(
  { userCount, itemCount, users, items }: SplittableInteractions,
  entries: Int32Array,
): InteractionMatrix {
  return interactionMatrix({
    userCount,
    itemCount,
    users: Int32Array.from(entries, (entry) => users[entry]),
    items: Int32Array.from(entries, (entry) => items[entry]),
  });
}
