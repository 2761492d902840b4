import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { z } from "zod";

export const claimSchema = z.object({
  host: z.string(),
  pid: z.int(),
  /** When the process began, in milliseconds since 1970: tells it from an earlier one of the same number. */
  started: z.number(),
  /** Tells the threads of a process, and copies of this package in it, from each other. */
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
const own = { host: hostname(), pid: process.pid, started: performance.timeOrigin, instance: randomUUID() };

export function ownClaim(): Claim {
  return { ...own, until: Date.now() + leaseMs };
}

export function isOwn({ instance }: Claim): boolean {
  return instance === own.instance;
}

/**
 * Whether a claim still stands: its process lives, as far as one can see. Without a renewal none stands for ever, for the
 * number of a process that died may be another's by now; so a computer's sleep may end those of processes that live.
 * Processes that share a host's name but not its processes, as containers may, cannot see each other: give them names.
 */
export function stands({ host, pid, started, until }: Claim): boolean {
  if (until < Date.now()) return false;
  if (host !== own.host) return true;
  return pid === own.pid ? started === own.started : isAlive(pid);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It lives, and is another user's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
