import { InvalidDataError } from "@dmrec/core";

/**
 * The differences first − second of two samples of pairs, in their order.
 *
 * @param source The function that was called, for the message.
 * @throws InvalidDataError for samples of unequal length, fewer than two pairs, or values that are not finite.
 */
export function pairedDifferences(
  source: string,
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): number[] {
  if (first.length !== second.length || first.length < 2) {
    const actual = `samples of ${first.length} and ${second.length} values`;
    throw new InvalidDataError({ source, actual, expected: "two samples of equal length, at least 2" });
  }
  return Array.from(first, (value, index) => {
    if (Number.isFinite(value) && Number.isFinite(second[index])) return value - second[index];
    const actual = `${value} and ${second[index]}`;
    throw new InvalidDataError({ source, location: `pair ${index}`, actual, expected: "finite numbers" });
  });
}
