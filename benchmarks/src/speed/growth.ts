import { fork } from "node:child_process";
import { z } from "zod";
import { amazonBook, type DataSize } from "./speed-data";
import { batchSize } from "./timed-steps";

const interactionsPerUser = amazonBook.interactions / amazonBook.users;

/** A point to measure. */
export interface GrowthSize extends DataSize {
  /** Items drawn in each step for the softmax; 0 for the full softmax. */
  readonly softmaxSamples: number;
  /** The steps that are trained. */
  readonly steps: number;
}

export interface GrowthPoint extends GrowthSize {
  readonly stepMs: number;
  readonly peakMemoryMb: number;
}

/** The message of a process that measures a point. */
export const measuredSchema = z.object({ stepMs: z.number(), peakMemoryMb: z.number() });

const softmaxSamples = 4096;
const steps = 10;
const largeCatalogue: DataSize = { users: 50_000, items: 300_000, interactions: 3_000_000 };

/** The axes of the growth: items at as many users, users at as many items, and a catalogue that is large in both. */
export const growthAxes = ["items", "users", "catalogue"] as const;
export type GrowthAxis = (typeof growthAxes)[number];

/**
 * The sizes to measure, with and without sampling. A large catalogue is measured beside Amazon-Book's sizes, as a ratio, for the
 * first steps of a run, which touch most rows for the first time, and for its first epoch, without the last batch.
 */
export const growthSizes: Readonly<Record<GrowthAxis, readonly GrowthSize[]>> = {
  items: [amazonBook.items, 30_000, 100_000, 300_000].flatMap((items) => [
    sized(amazonBook.users, items, 0),
    sized(amazonBook.users, items, softmaxSamples),
  ]),
  users: [10_000, 100_000, 1_000_000].flatMap((users) => [
    sized(users, amazonBook.items, 0),
    sized(users, amazonBook.items, softmaxSamples),
  ]),
  catalogue: [
    sized(amazonBook.users, amazonBook.items, 0),
    { ...largeCatalogue, softmaxSamples, steps },
    { ...largeCatalogue, softmaxSamples, steps: Math.floor(largeCatalogue.users / batchSize) },
  ],
};

function sized(users: number, items: number, softmaxSamples: number): GrowthSize {
  return { users, items, interactions: Math.round(users * interactionsPerUser), softmaxSamples, steps };
}

/** Measures a point in a separate process, so its memory is measured separately, too. */
export function measureGrowth(size: GrowthSize): Promise<GrowthPoint> {
  return new Promise((resolve, reject) => {
    const child = fork(new URL("./growth-point.ts", import.meta.url), [JSON.stringify(size)]);
    child.once("message", (message) => resolve({ ...size, ...measuredSchema.parse(message) }));
    child.once("exit", (code) =>
      reject(new Error(`the measurement of ${JSON.stringify(size)} ended with ${code}`)),
    );
  });
}
