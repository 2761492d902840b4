/** The indices of the `count` best scores, best first; of equal ones the lower index first. −∞ is never among them. */
export function bestIndices(scores: Float32Array, count: number): number[] {
  const best: number[] = [];
  for (const [index, score] of scores.entries()) {
    if (score === Number.NEGATIVE_INFINITY) continue;
    if (best.length === count && score <= scores[best[count - 1]]) continue;
    let [low, high] = [0, best.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (scores[best[middle]] >= score) low = middle + 1;
      else high = middle;
    }
    best.splice(low, 0, index);
    if (best.length > count) best.pop();
  }
  return best;
}
