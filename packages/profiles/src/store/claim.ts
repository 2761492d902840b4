import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { z } from "zod";

export const claimSchema = z.object({
  host: z.string(),
  pid: z.int(),
  /** The start of the process, in milliseconds since 1970: distinguishes it from an earlier one with the same PID. */
  started: z.number(),
  /** Distinguishes the threads of a process, and copies of this package in it. */
  instance: z.string(),
  /** The expiry, in milliseconds since 1970. */
  until: z.number(),
});

/** The claim of a process that is making a result. */
export type Claim = z.output<typeof claimSchema>;

/** Milliseconds before a claim without a renewal expires: its process may have died on another machine. */
const leaseMs = 10 * 60_000;
/** Milliseconds between two renewals of a claim. A few may be late. */
export const renewalMs = leaseMs / 5;
const own = { host: hostname(), pid: process.pid, started: performance.timeOrigin, instance: randomUUID() };

export function createClaim(): Claim {
  return { ...own, until: Date.now() + leaseMs };
}

export function isOwn({ instance }: Claim): boolean {
  return instance === own.instance;
}

/**
 * True while the claim is valid, i.e. its process is alive. Claims also expire, because a PID can be reused; a suspended
 * machine can therefore lose its claims. Processes on hosts of the same name that cannot see each other, for example in
 * containers, need host names of their own.
 */
export function isValid({ host, pid, started, until }: Claim): boolean {
  if (until < Date.now()) return false;
  if (host !== own.host) return true;
  return pid === own.pid ? started === own.started : isAlive(pid);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // The process is alive and belongs to another user.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
