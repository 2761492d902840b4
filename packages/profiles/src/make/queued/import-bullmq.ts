import { UnsupportedError } from "@dmrec/core";

/**
 * Loads BullMQ, an optional dependency that only queues need.
 *
 * @throws UnsupportedError if it is not installed.
 */
export async function importBullmq(
  load: () => Promise<typeof import("bullmq")> = () => import("bullmq"),
): Promise<typeof import("bullmq")> {
  try {
    return await load();
  } catch (cause) {
    const message = "a queue of profiles needs the packages bullmq and ioredis; install both";
    throw new UnsupportedError(message, { cause });
  }
}
