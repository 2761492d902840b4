import { setTimeout as sleep } from "node:timers/promises";
import { interrupted } from "../calls/model-call-error";
import type { ProfileRecord } from "../profile-record";
import { renewalMs } from "../store/claim";
import type { ProfileStore } from "../store/profile-store";

/** Milliseconds between two reads of a result that another process is making. */
const pollMs = 100;

/**
 * Makes a result, unless it is stored by now. Waits for another process that is making it. The result stays claimed until
 * it is saved.
 *
 * @throws ModelCallError
 */
export async function makeOnce(
  { claims, results }: ProfileStore,
  key: string,
  abortSignal: AbortSignal,
  make: () => Promise<ProfileRecord>,
): Promise<ProfileRecord> {
  while (!(await claims.claim(key))) {
    const record = results.get(key);
    if (record) return record;
    try {
      await sleep(pollMs, undefined, { signal: abortSignal });
    } catch {
      throw interrupted();
    }
  }
  // If nothing can be written, saving the result reports it.
  const renewal = setInterval(() => claims.renew(key).catch(() => {}), renewalMs);
  try {
    return await make();
  } catch (error) {
    await claims.release(key);
    throw error;
  } finally {
    clearInterval(renewal);
  }
}
