/** The indices of the `count` best scores, best first; of equal ones the lower index first. */
export function bestItems(
  scores: Float32Array,
  { count, without }: { readonly count: number; readonly without: ReadonlySet<number> },
): number[] {
  const best: number[] = [];
  for (let item = 0; item < scores.length; item += 1) {
    const score = scores[item];
    if (best.length === count && score <= scores[best[count - 1]]) continue;
    if (without.has(item)) continue;
    let place = best.length;
    while (place > 0 && scores[best[place - 1]] < score) place -= 1;
    best.splice(place, 0, item);
    if (best.length > count) best.pop();
  }
  return best;
}
