/** p-values corrected for the number of comparisons, in their order (Holm, 1979): the family-wise error stays below the level. */
export function holmCorrection(pValues: readonly number[]): number[] {
  const order = [...pValues.keys()].sort((a, b) => pValues[a] - pValues[b]);
  const corrected = new Array<number>(pValues.length);
  let largest = 0;
  order.forEach((comparison, rank) => {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * pValues[comparison]));
    corrected[comparison] = largest;
  });
  return corrected;
}
