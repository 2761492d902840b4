import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { duration } from "./duration";
import { progressReporter } from "./progress-reporter";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

const progress = { step: 2, stepsPerEpoch: 4, epoch: 10, epochs: 100 };

/** The text that a reporter writes for a step, some seconds after its start and after an epoch of some length. */
function lineOf(secondsPerEpoch: number | undefined): string {
  const written: string[] = [];
  const write = vi
    .spyOn(process.stderr, "write")
    .mockImplementation((text) => written.push(String(text)) > 0);
  try {
    const reporter = progressReporter("mddm", "recall@20");
    if (secondsPerEpoch !== undefined)
      void reporter.onEpochEnd?.({ epoch: 10, losses: { total: 1 }, seconds: secondsPerEpoch });
    vi.advanceTimersByTime(11_000);
    void reporter.onStep?.({ ...progress });
    return written.join("");
  } finally {
    write.mockRestore();
  }
}

it("says how long a training may still take, when an epoch has been timed", () => {
  expect(lineOf(undefined)).toBe("mddm: epoch 11 of at most 100, step 2 of 4\n");
  expect(lineOf(2)).toBe("mddm: epoch 11 of at most 100, step 2 of 4, 2.00 s an epoch, at most 3 min left\n");
});

it("shows a duration in the unit that suits it", () => {
  expect([0.2, 89, 91, 5400, 9000].map(duration)).toEqual(["1 s", "89 s", "2 min", "1.5 h", "2.5 h"]);
});
