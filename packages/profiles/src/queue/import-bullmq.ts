import { DMRecError } from "@dmrec/core";

/** BullMQ, which is installed by those alone who use a queue. */
export async function importBullmq(): Promise<typeof import("bullmq")> {
  try {
    return await import("bullmq");
  } catch (cause) {
    const message = "a queue of profiles needs the packages bullmq and ioredis; install both";
    throw new DMRecError("unsupported", message, { cause });
  }
}
