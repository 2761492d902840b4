/** Labels of the best items; more would cover the map. */
const most = 4;
/** The least distances between labels, in pixels. */
const apart = { x: 150, y: 18 };

/** The names of the best items, and of the one that is pointed at, beside their points. */
export function MapLabels({
  places,
  items,
  pointed,
  names,
}: {
  readonly places: Float32Array;
  readonly items: readonly number[];
  readonly pointed: number | undefined;
  readonly names: readonly string[];
}) {
  if (places.length === 0) return null;
  // The outermost items are as far from both edges, so the middle of the map is the middle of their places.
  const middle = middleOf(places);
  const labelled = withoutOverlap(places, pointed === undefined ? items : [pointed, ...items]);
  return (
    <div class="map-labels" aria-hidden="true">
      {labelled.map((item) => (
        <span
          key={item}
          class="map-label"
          data-item={item}
          data-pointed={item === pointed}
          data-side={places[2 * item] > middle ? "left" : "right"}
          style={{ left: `${places[2 * item]}px`, top: `${places[2 * item + 1]}px` }}
        >
          <bdi>{names[item]}</bdi>
        </span>
      ))}
    </div>
  );
}

function middleOf(places: Float32Array): number {
  let [left, right] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let index = 0; index < places.length; index += 2) {
    left = Math.min(left, places[index]);
    right = Math.max(right, places[index]);
  }
  return (left + right) / 2;
}

/** The first items whose labels do not cover each other. */
function withoutOverlap(places: Float32Array, items: readonly number[]): number[] {
  const kept: number[] = [];
  for (const item of new Set(items)) {
    if (kept.length === most) break;
    const isFree = kept.every(
      (other) =>
        Math.abs(places[2 * item] - places[2 * other]) > apart.x ||
        Math.abs(places[2 * item + 1] - places[2 * other + 1]) > apart.y,
    );
    if (isFree) kept.push(item);
  }
  return kept;
}
