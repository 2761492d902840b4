import type { DenseMatrix, SplitDataset } from "@dmrec/core";
import { principalComponents } from "@dmrec/linear-algebra";
import type { Space } from "../content/page-content";
import { clickVectors, sideBySide, unitRows } from "./item-vectors";
import { neighbourLayout } from "./neighbour-layout";

/** Larger catalogues keep their principal components as places: more steps would take minutes. */
const mostRefined = 50_000;
/** Components in which neighbours are looked for. */
const comparedWidth = 24;

/** Coordinates from 0 to 1 of all items, `[items, 2]`, in each space that the data has. */
export type ItemMaps = { readonly clicks: Float32Array } & {
  readonly [space in Exclude<Space, "clicks">]?: Float32Array;
};

/**
 * Places of the items on a map for each space: near each other if the same users clicked them, if their profiles say the
 * same, or both. A plane of principal components is the beginning of all of them, so an item is in about the same direction
 * on each.
 */
export function itemMaps({
  train,
  profileEmbeddings,
}: Pick<SplitDataset, "train" | "profileEmbeddings">): ItemMaps {
  const clicks = compressed(clickVectors(train));
  if (!profileEmbeddings) return { clicks: inUnitSquare(refined(clicks, plane(clicks))) };
  const words = compressed(unitRows(profileEmbeddings.items));
  const both = sideBySide(unitRows(clicks), unitRows(words));
  const common = refined(both, plane(both));
  return {
    both: inUnitSquare(common),
    clicks: inUnitSquare(refined(clicks, common)),
    words: inUnitSquare(refined(words, common)),
  };
}

/** The first principal components of vectors. */
function compressed(vectors: DenseMatrix): DenseMatrix {
  if (vectors.columnCount <= comparedWidth) return vectors;
  return principalComponents(vectors, { count: comparedWidth });
}

/** The first two principal components of vectors, with a spread of 10. */
function plane({ rowCount, columnCount, values }: DenseMatrix): Float32Array {
  if (columnCount < 2 || rowCount < 2)
    return Float32Array.from({ length: 2 * rowCount }, (_, index) =>
      index % 2 === 0 ? (values[index >> 1] ?? 0) : 0,
    );
  const { values: places } = principalComponents({ rowCount, columnCount, values }, { count: 2 });
  const largest = places.reduce((greatest, value) => Math.max(greatest, Math.abs(value)), 0);
  return largest === 0 ? places : places.map((value) => (10 * value) / largest);
}

function refined(vectors: DenseMatrix, places: Float32Array): Float32Array {
  const { rowCount } = vectors;
  if (rowCount > mostRefined) return places;
  return neighbourLayout(vectors, places, rowCount > 3000 ? 60 : 120);
}

/** Scales places to fill the unit square without changing their proportions. */
export function inUnitSquare(places: Float32Array): Float32Array {
  const axes = [0, 1].map((axis) => {
    const values = places.filter((_, index) => index % 2 === axis);
    const [low, high] = values.reduce(
      ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    );
    return { middle: (low + high) / 2, extent: high - low };
  });
  const extent = Math.max(axes[0].extent, axes[1].extent) || 1;
  return places.map((value, index) => 0.5 + (value - axes[index % 2].middle) / extent);
}
