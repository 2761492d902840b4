import { RuntimeError } from "@dmrec/core";
import type { ConnectionOptions } from "bullmq";
import { redact } from "../../redaction";

/** The connection options of BullMQ: reconnects for as long as it takes, because a restarted server is back soon. */
export function redisConnection(url: string): ConnectionOptions {
  return { url, maxRetriesPerRequest: null };
}

/**
 * Waits until a connection is ready.
 *
 * @throws RuntimeError after `seconds`.
 */
export async function connected(url: string, ready: Promise<unknown>, seconds = 10): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `no Redis answers at ${withoutPassword(url)}; expected one within ${seconds} seconds`;
    timer = setTimeout(() => reject(new RuntimeError(message)), seconds * 1000);
  });
  try {
    await Promise.race([ready, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Reports each error of a connection once: BullMQ repeats them with every attempt. */
export function warnOnce(onWarning: (message: string) => void, url: string): (error: Error) => void {
  const reported = new Set<string>();
  return ({ message }) => {
    if (reported.has(message)) return;
    reported.add(message);
    onWarning(`Redis: ${redact(message, passwordOf(url))}`);
  };
}

function passwordOf(url: string): string[] {
  const password = URL.canParse(url) ? decodeURIComponent(new URL(url).password) : "";
  return password === "" ? [] : [password];
}

function withoutPassword(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "the given address";
}
