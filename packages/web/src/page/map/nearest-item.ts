/** The item whose place is nearest to a point, if it is within a distance. */
export function nearestItem(
  places: Float32Array,
  { x, y }: { readonly x: number; readonly y: number },
  within: number,
): number | undefined {
  let nearest: number | undefined;
  let least = within * within;
  for (let item = 0; 2 * item < places.length; item += 1) {
    const square = (places[2 * item] - x) ** 2 + (places[2 * item + 1] - y) ** 2;
    if (square > least) continue;
    least = square;
    nearest = item;
  }
  return nearest;
}
