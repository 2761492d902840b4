import { expect, it } from "vitest";
import { afterEvaluation, beforeFirstEvaluation } from "./early-stopping";

it("keeps the first of the best evaluations and counts those after it", () => {
  const values = [0.1, 0.3, 0.3, 0.2];
  const states = values.map((_, index) =>
    values
      .slice(0, index + 1)
      .reduce(
        (state, value, epoch) => afterEvaluation(state, "recall@20", epoch + 1, { "recall@20": value }),
        beforeFirstEvaluation,
      ),
  );
  expect(states.map(({ bestEpoch, waited }) => [bestEpoch, waited])).toEqual([
    [1, 0],
    [2, 0],
    [2, 1],
    [2, 2],
  ]);
});
