/**
 * The `k` best indices of `scores`, best first. Of equal scores, the lower index comes first.
 *
 * A score of −∞ or NaN masks its index, so there may be fewer than `k`. Partial selection: one pass over the scores with a
 * heap of `k`.
 *
 * @example
 * topK(Float32Array.of(0.1, 0.7, 0.4), 2); // Int32Array [1, 2]
 */
export function topK(scores: Float32Array, k: number): Int32Array {
  // A binary heap with the worst kept index at its root.
  const heap = new Int32Array(Math.min(k, scores.length));
  let size = 0;
  const worse = (a: number, b: number) => scores[a] < scores[b] || (scores[a] === scores[b] && a > b);

  const siftDown = (start: number) => {
    let parent = start;
    for (;;) {
      let worst = parent;
      for (const child of [2 * parent + 1, 2 * parent + 2]) {
        if (child < size && worse(heap[child], heap[worst])) worst = child;
      }
      if (worst === parent) return;
      [heap[parent], heap[worst]] = [heap[worst], heap[parent]];
      parent = worst;
    }
  };
  const siftUp = (start: number) => {
    let child = start;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!worse(heap[child], heap[parent])) return;
      [heap[child], heap[parent]] = [heap[parent], heap[child]];
      child = parent;
    }
  };

  let threshold = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < scores.length; index += 1) {
    // The scan meets indices in order, so one that only ties with the worst kept is not better.
    if (!(scores[index] > threshold)) continue;
    if (size < heap.length) {
      heap[size] = index;
      size += 1;
      siftUp(size - 1);
    } else {
      heap[0] = index;
      siftDown(0);
    }
    if (size === heap.length) threshold = scores[heap[0]];
  }
  return heap.subarray(0, size).sort((a, b) => (worse(a, b) ? 1 : -1));
}
