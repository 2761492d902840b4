import { setTimeout as sleep } from "node:timers/promises";
import { interrupted } from "../calls/model-call-error";
import { renewalMs } from "../store/claim";
import type { ProfileRecord } from "../store/profile-record";
import type { ProfileStore } from "../store/profile-store";

/** Milliseconds between two looks at what another process is making. */
const pollMs = 100;

/**
 * Makes a result unless the store has it by now; where another process is making it, waits for that one. What comes back
 * is claimed until it is saved.
 *
 * @throws ModelCallError
 */
export async function makeOnce(
  store: ProfileStore,
  key: string,
  signal: AbortSignal,
  make: () => Promise<ProfileRecord>,
): Promise<ProfileRecord> {
  while (!(await store.claim(key))) {
    const record = store.result(key);
    if (record) return record;
    try {
      await sleep(pollMs, undefined, { signal });
    } catch {
      throw interrupted();
    }
  }
  // Where it cannot be written, saving the result fails too, and says so.
  const renewal = setInterval(() => store.renew(key).catch(() => {}), renewalMs);
  try {
    return await make();
  } catch (error) {
    await store.release(key);
    throw error;
  } finally {
    clearInterval(renewal);
  }
}
