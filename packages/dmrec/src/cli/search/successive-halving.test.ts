import fc from "fast-check";
import { expect, it } from "vitest";
import { halvingRounds } from "./successive-halving";

it("spends as many epochs on every round", () => {
  expect(halvingRounds(9, 90, 3)).toEqual([
    { trials: 9, epochs: 10 },
    { trials: 3, epochs: 30 },
    { trials: 1, epochs: 90 },
  ]);
});

it("trains all at first and the last with all epochs, never fewer than before", () => {
  const count = fc.integer({ min: 1, max: 300 });
  fc.assert(
    fc.property(count, count, fc.integer({ min: 2, max: 5 }), (trials, epochs, factor) => {
      const rounds = halvingRounds(trials, epochs, factor);
      expect(rounds[0].trials).toBe(trials);
      expect(rounds[rounds.length - 1].epochs).toBe(epochs);
      rounds.slice(1).forEach((round, index) => {
        expect(round.trials).toBeLessThanOrEqual(rounds[index].trials / factor);
        expect(round.epochs).toBeGreaterThanOrEqual(rounds[index].epochs);
      });
    }),
  );
});
