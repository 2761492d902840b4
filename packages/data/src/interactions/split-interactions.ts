import {
  type InteractionMatrix,
  InvalidDataError,
  parseOptions,
  RandomGenerator,
  type TrainingInteractions,
} from "@dmrec/core";
import { z } from "zod";
import type { InteractionEntries } from "./interaction-entries";
import { asTrainingSplit, interactionMatrix } from "./interaction-matrix";
import { rowOffsets } from "./pair-order";

/** The three parts of a split, over the same users and items. */
export interface SplitParts {
  readonly train: TrainingInteractions;
  readonly validation: InteractionMatrix;
  readonly test: InteractionMatrix;
}

export interface SplitOptions {
  /**
   * `per-user` splits the interactions of each user by the ratio, `global` all interactions together.
   *
   * @default "per-user"
   */
  readonly scope?: "per-user" | "global" | undefined;
  /**
   * Shares of the training, validation and test part.
   *
   * @default [3, 1, 1]
   */
  readonly ratio?: readonly [train: number, validation: number, test: number] | undefined;
  /**
   * The interactions that come first, into the training part: random ones, or the earliest.
   *
   * @default "random"
   */
  readonly by?: "random" | "time" | undefined;
  /** @default 2024 */
  readonly seed?: number | undefined;
}

export const splitSchema = z.strictObject({
  scope: z.enum(["per-user", "global"]).default("per-user"),
  ratio: z
    .tuple([z.number().positive(), z.number().nonnegative(), z.number().nonnegative()])
    .readonly()
    .default([3, 1, 1]),
  by: z.enum(["random", "time"]).default("random"),
  seed: z.int().nonnegative().default(2024),
});

/**
 * Splits distinct interactions into a training, validation and test part.
 *
 * The sizes of the two held-out parts are rounded half up. If the split is per user, every user keeps at least one
 * training interaction.
 *
 * @throws InvalidOptionsError
 * @throws InvalidDataError for a split by time without timestamps.
 * @example
 * const { train, validation, test } = splitInteractions(entries, { ratio: [8, 1, 1], by: "time" });
 */
export function splitInteractions(entries: InteractionEntries, options: SplitOptions = {}): SplitParts {
  const { scope, ratio, by, seed } = parseOptions("splitInteractions", splitSchema, options);
  const { source = "interactions", users, timestamps } = entries;
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

  const parts = scope === "global" ? cut(order, ratio) : cutPerUser(order, entries, ratio);
  const [train, validation, test] = parts.map((part) => interactionMatrix(selectEntries(entries, part)));
  return { train: asTrainingSplit(train), validation, test };
}

type Ratio = readonly [number, number, number];

/** Consecutive parts of an order, by the ratio. */
function cut(order: Int32Array, [train, validation, test]: Ratio): [Int32Array, Int32Array, Int32Array] {
  const all = train + validation + test;
  const heldOut = (share: number) => Math.round((order.length * share) / all);
  const trainEnd = Math.max(Math.min(1, order.length), order.length - heldOut(validation) - heldOut(test));
  const validationEnd = Math.max(trainEnd, order.length - heldOut(test));
  return [
    order.subarray(0, trainEnd),
    order.subarray(trainEnd, validationEnd),
    order.subarray(validationEnd),
  ];
}

function cutPerUser(order: Int32Array, { users, userCount }: InteractionEntries, ratio: Ratio): Int32Array[] {
  const offsets = rowOffsets(users, userCount);
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

function selectEntries(
  { userCount, itemCount, users, items, weights }: InteractionEntries,
  chosen: Int32Array,
): InteractionEntries {
  return {
    userCount,
    itemCount,
    users: chosen.map((entry) => users[entry]),
    items: chosen.map((entry) => items[entry]),
    weights: weights && Float32Array.from(chosen, (entry) => weights[entry]),
  };
}
