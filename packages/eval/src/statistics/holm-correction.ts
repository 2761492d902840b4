import { InvalidDataError } from "@dmrec/core";

/**
 * Corrects p-values for the number of comparisons, in their order (Holm, 1979). The family-wise error stays below the
 * level of the test.
 *
 * @throws InvalidDataError for a number that is no probability.
 * @example
 * holmCorrection([0.03, 0.01, 0.04]); // [0.06, 0.03, 0.06]
 */
export function holmCorrection(pValues: readonly number[]): number[] {
  pValues.forEach((value, comparison) => {
    if (value >= 0 && value <= 1) return;
    const location = `p-value ${comparison}`;
    const expected = "a number from 0 to 1";
    throw new InvalidDataError({ source: "holmCorrection", location, actual: String(value), expected });
  });
  const order = [...pValues.keys()].sort((a, b) => pValues[a] - pValues[b]);
  const corrected = new Array<number>(pValues.length);
  let largest = 0;
  order.forEach((comparison, rank) => {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * pValues[comparison]));
    corrected[comparison] = largest;
  });
  return corrected;
}
