import { once } from "node:events";
import { expect, it, vi } from "vitest";
import { profile } from "../testing/openai-server";
import { withService } from "../testing/with-service";
import { makeOnce } from "./make-once";

it("makeOnce keeps its claim for as long as the making takes", () =>
  withService(
    () => profile("Fond of wit."),
    async ({ store }) => {
      vi.useFakeTimers({ toFake: ["Date", "setInterval", "clearInterval"] });
      try {
        const [begin, end] = [new AbortController(), new AbortController()];
        const begun = once(begin.signal, "abort");
        const making = makeOnce(store, "key", new AbortController().signal, async () => {
          begin.abort();
          await once(end.signal, "abort");
          throw new Error("in vain");
        });
        await begun;
        for (let minute = 0; minute < 30; minute += 1) {
          vi.advanceTimersByTime(60_000);
          // Commits what the timers have written too.
          await store.ledger.reserve(0);
          expect(await store.claims.claim("key"), `minute ${minute}`).toBe(false);
        }
        end.abort();
        await expect(making).rejects.toThrow("in vain");
        expect(vi.getTimerCount()).toBe(0);
        expect(await store.claims.claim("key")).toBe(true);
      } finally {
        vi.useRealTimers();
      }
    },
  ));
