import { expect, it } from "vitest";
import { ModelCallError, type ModelCallFailure } from "../calls/model-call-error";
import { FailureStreak } from "./failure-streak";

const error = (reason: ModelCallFailure) => new ModelCallError(reason, reason);

/** The number of such failures in a row that make a run hopeless; undefined for more than 50. */
function limitOf(streak: FailureStreak, reason: ModelCallFailure): number | undefined {
  const counts = Array.from({ length: 50 }, (_, index) => index + 1);
  return counts.find(() => {
    streak.count(error(reason));
    return streak.isHopeless;
  });
}

it("gives a service up after ten failures, and not before all calls in flight have failed", () => {
  expect(limitOf(new FailureStreak(true, 1), "unavailable")).toBe(10);
  expect(limitOf(new FailureStreak(true, 32), "rejected")).toBe(32);
});

it("takes bad replies for the model's way only until it has given a good one", () => {
  expect(limitOf(new FailureStreak(false, 1), "unreadable")).toBe(10);
  expect(limitOf(new FailureStreak(true, 1), "unreadable")).toBeUndefined();
  const streak = new FailureStreak(false, 1);
  streak.count(undefined);
  expect(limitOf(streak, "truncated")).toBeUndefined();
});

it("never gives up for what the model declines, and starts again after a success", () => {
  expect(limitOf(new FailureStreak(false, 1), "refused")).toBeUndefined();
  const streak = new FailureStreak(false, 1);
  for (let failure = 0; failure < 9; failure += 1) streak.count(error("unavailable"));
  streak.count(undefined);
  expect(limitOf(streak, "unavailable")).toBe(10);
});
