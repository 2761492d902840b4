import { DMRecError } from "@dmrec/core";
import type { ConnectionOptions } from "bullmq";
import { redact } from "../redaction";

/** How BullMQ is to connect: again and again, for a server that is restarted is there again soon. */
export function redisConnection(url: string): ConnectionOptions {
  return { url, maxRetriesPerRequest: null };
}

/**
 * Waits until a connection stands.
 *
 * @throws DMRecError after `seconds`.
 */
export async function connected(url: string, ready: Promise<unknown>, seconds = 10): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `no Redis answers at ${withoutPassword(url)}; expected one within ${seconds} seconds`;
    timer = setTimeout(() => reject(new DMRecError("runtime", message)), seconds * 1000);
  });
  try {
    await Promise.race([ready, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Tells each error of a connection once: BullMQ repeats them with every attempt. */
export function warnOnce(onWarning: (message: string) => void, url: string): (error: Error) => void {
  const told = new Set<string>();
  return ({ message }) => {
    if (told.has(message)) return;
    told.add(message);
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
