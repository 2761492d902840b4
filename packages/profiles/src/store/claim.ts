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

/** For how long a claim stands that its process does not renew: it may have died where nobody here can see it. */
const leaseMs = 10 * 60_000;
/** Milliseconds between two renewals of a claim: a few may come late. */
export const renewalMs = leaseMs / 5;
const own = { host: hostname(), pid: process.pid, instance: randomUUID() };

export function ownClaim(): Claim {
  return { ...own, until: Date.now() + leaseMs };
}

export function isOwn({ instance }: Claim): boolean {
  return instance === own.instance;
}

/** Whether a claim still stands: its process lives, as far as one can see. */
export function stands(claim: Claim): boolean {
  const { host, pid, until } = claim;
  if (until < Date.now()) return false;
  if (isOwn(claim) || host !== own.host) return true;
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
