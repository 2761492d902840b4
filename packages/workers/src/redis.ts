import { causeMessage, RuntimeError, UnsupportedError } from "@dmrec/core";
import type { ConnectionOptions } from "bullmq";

const missing = "a queue needs the packages bullmq and ioredis; install both";

/**
 * Loads BullMQ, an optional dependency that only queues need.
 *
 * @throws UnsupportedError if it is not installed.
 */
export async function importBullmq(): Promise<typeof import("bullmq")> {
  return import("bullmq").catch((cause: unknown) => {
    throw new UnsupportedError(missing, { cause });
  });
}

/** The connection options of BullMQ: it reconnects for as long as it takes, because a restarted server is back soon. */
export function redisConnection(url: string): ConnectionOptions {
  return { url, maxRetriesPerRequest: null };
}

/**
 * Asks for an answer once: BullMQ would try for ever.
 *
 * @throws RuntimeError if none comes. It names no password.
 */
export async function assertRedis(url: string): Promise<void> {
  const { Redis } = await importIoredis();
  const connection = new Redis(url, { lazyConnect: true, connectTimeout: 10_000, retryStrategy: () => null });
  // The call that fails says so, too.
  connection.on("error", () => {});
  try {
    await connection.connect();
    await connection.ping();
  } catch (cause) {
    const host = URL.canParse(url) ? new URL(url).host : "the given address";
    throw new RuntimeError(
      `no Redis answers at ${host} (${causeMessage(cause)}); start one there, or name another`,
      {
        cause,
      },
    );
  } finally {
    connection.disconnect();
  }
}

async function importIoredis(): Promise<typeof import("ioredis")> {
  return import("ioredis").catch((cause: unknown) => {
    throw new UnsupportedError(missing, { cause });
  });
}
