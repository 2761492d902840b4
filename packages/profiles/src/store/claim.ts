import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { z } from "zod";

export const claimSchema = z.object({
  host: z.string(),
  pid: z.int(),
  /** Tells a process from an earlier one of the same number. */
  instance: z.string(),
  /** Milliseconds since 1970. */
  until: z.number(),
});

/** That a process is making a result. */
export type Claim = z.output<typeof claimSchema>;

/** For how long a claim stands of a process that cannot be asked whether it lives. */
const leaseMs = 10 * 60_000;
const own = { host: hostname(), pid: process.pid, instance: randomUUID() };

export function ownClaim(): Claim {
  return { ...own, until: Date.now() + leaseMs };
}

/** Whether a claim still stands: its process lives, as far as one can see. */
export function stands({ host, pid, instance, until }: Claim): boolean {
  if (until < Date.now()) return false;
  if (instance === own.instance || host !== own.host) return true;
  return pid !== own.pid && isAlive(pid);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It lives, and is another user's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
