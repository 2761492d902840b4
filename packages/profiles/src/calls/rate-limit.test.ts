import { describe, expect, it } from "vitest";
import { RateLimit } from "./rate-limit";

const { signal } = new AbortController();

/** When each of some calls may start, in milliseconds. */
async function starts(limit: RateLimit, tokens: readonly number[]): Promise<number[]> {
  const begin = performance.now();
  return Promise.all(
    tokens.map(async (count) => {
      await limit.acquire(count, signal);
      return performance.now() - begin;
    }),
  );
}

/** The most calls, and tokens of calls, in any window of so many milliseconds. */
function most(times: readonly number[], tokens: readonly number[], window: number) {
  const within = times.map((start) => times.map((time) => time >= start && time < start + window - 5));
  return {
    calls: Math.max(...within.map((row) => row.filter(Boolean).length)),
    tokens: Math.max(...within.map((row) => tokens.reduce((sum, count, i) => sum + (row[i] ? count : 0), 0))),
  };
}

describe.concurrent("RateLimit", () => {
  it("lets no more requests start in a window than allowed", async () => {
    const tokens = new Array<number>(12).fill(1);
    const times = await starts(new RateLimit({ requestsPerMinute: 5 }, 100), tokens);
    expect(most(times, tokens, 100).calls).toBe(5);
    expect(times[11]).toBeGreaterThanOrEqual(200);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it("lets no more tokens pass than allowed, and a call beyond the limit alone", async () => {
    const tokens = [40, 40, 40, 500, 10, 90];
    const times = await starts(new RateLimit({ tokensPerMinute: 100 }, 100), tokens);
    expect(
      most(
        times,
        tokens.map((count) => Math.min(count, 100)),
        100,
      ).tokens,
    ).toBeLessThanOrEqual(100);
  });

  it("holds everything back while paused, and stops waiting when reported", async () => {
    const limit = new RateLimit();
    limit.pause(80);
    const [time] = await starts(limit, [1]);
    expect(time).toBeGreaterThanOrEqual(78);
    limit.pause(60_000);
    const stop = new AbortController();
    const waiting = limit.acquire(1, stop.signal);
    stop.abort();
    await expect(waiting).rejects.toThrow(/abort/i);
  });
});
