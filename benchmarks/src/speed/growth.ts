import { fork } from "node:child_process";
import { z } from "zod";
import { amazonBook, type DataSize } from "./speed-data";

const interactionsPerUser = amazonBook.interactions / amazonBook.users;

export interface GrowthPoint extends DataSize {
  readonly stepMs: number;
  readonly peakMemoryMb: number;
}

/** The message of a process that measures a point. */
export const measuredSchema = z.object({ stepMs: z.number(), peakMemoryMb: z.number() });

/** The sizes to measure: items from 10,000 to 300,000 at as many users, and users to 1,000,000 at as many items. */
export const growthSizes: Readonly<Record<"items" | "users", readonly DataSize[]>> = {
  items: [10_000, 30_000, 100_000, 300_000].map((items) => sized(amazonBook.users, items)),
  users: [10_000, 100_000, 1_000_000].map((users) => sized(users, amazonBook.items)),
};

function sized(users: number, items: number): DataSize {
  return { users, items, interactions: Math.round(users * interactionsPerUser) };
}

/** Measures a point in a separate process, so its memory is measured separately, too. */
export function measureGrowth(size: DataSize): Promise<GrowthPoint> {
  return new Promise((resolve, reject) => {
    const child = fork(new URL("./growth-point.ts", import.meta.url), [JSON.stringify(size)]);
    child.once("message", (message) => resolve({ ...size, ...measuredSchema.parse(message) }));
    child.once("exit", (code) =>
      reject(new Error(`the measurement of ${JSON.stringify(size)} ended with ${code}`)),
    );
  });
}
