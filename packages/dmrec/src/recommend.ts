import {
  type DenseMatrix,
  type InteractionRows,
  InvalidDataError,
  type Recommender,
  type SplitDataset,
} from "@dmrec/core";
import { rowsOf } from "@dmrec/data";
import { topK } from "@dmrec/eval";
import type { ModelTrainer } from "@dmrec/trainer";
import { itemName } from "./item-name";

/** An item for a user. */
export interface Recommendation {
  /** The item's index. */
  readonly item: number;
  readonly itemId: string;
  /** The item's name; where the data has none, its identifier and how its profile begins. */
  readonly name: string;
  readonly score: number;
}

/** Whom to recommend to: a user of the data by index, or somebody new by their items, their profile's embedding, or both. */
export type Audience =
  | { readonly user: number }
  | { readonly items: readonly number[]; readonly profile?: Float32Array };

export interface RecommendOptions {
  readonly trainer: ModelTrainer;
  readonly recommender: Recommender;
  readonly data: SplitDataset;
  readonly audience: Audience;
  /** How many items; default 10. */
  readonly count?: number;
}

/**
 * The best items for somebody, best first, those they are known by left out.
 *
 * @throws InvalidDataError where the user or an item is not of the data, or the profile not of its width.
 */
export async function recommend({
  trainer,
  recommender,
  data,
  audience,
  count = 10,
}: RecommendOptions): Promise<Recommendation[]> {
  const rows = rowsFor(data, audience);
  const scores = await trainer.scores(recommender, rows);
  return bestItems(data, scores, rows.items, count);
}

/** The best items by their scores, best first, known ones left out. */
export function bestItems(
  data: SplitDataset,
  scores: Float32Array,
  known: Iterable<number>,
  count: number,
): Recommendation[] {
  const ranked = scores.slice();
  for (const item of known) ranked[item] = Number.NEGATIVE_INFINITY;
  return Array.from(topK(ranked, count), (item) => ({
    item,
    itemId: data.itemIds[item],
    name: itemName(data, item),
    score: scores[item],
  }));
}

/** An audience as the model takes it. */
export function rowsFor(data: SplitDataset, audience: Audience): InteractionRows {
  if ("user" in audience) {
    assertIndex("user", audience.user, data.userCount, data.name);
    return rowsOf(data.train, Int32Array.of(audience.user));
  }
  const items = Int32Array.from(new Set(audience.items)).sort();
  for (const item of items) assertIndex("item", item, data.itemCount, data.name);
  const profiles = profileOf(data, audience.profile);
  return {
    itemCount: data.itemCount,
    users: Int32Array.of(0),
    rows: new Int32Array(items.length),
    items,
    weights: new Float32Array(items.length).fill(1),
    ...(profiles ? { profiles } : {}),
  };
}

/** Somebody without a profile has the zero vector, which says nothing. */
function profileOf(
  { name, language }: SplitDataset,
  profile: Float32Array | undefined,
): DenseMatrix | undefined {
  const width = language?.users.columnCount ?? profile?.length;
  if (width === undefined) return undefined;
  const values = profile ?? new Float32Array(width);
  if (values.length !== width || !values.every(Number.isFinite)) {
    const actual = `a profile embedding of ${values.length} numbers`;
    throw new InvalidDataError({
      source: name,
      actual,
      expected: `${width} finite numbers, as its users have`,
    });
  }
  return { rowCount: 1, columnCount: width, values };
}

function assertIndex(what: string, index: number, count: number, source: string): void {
  if (Number.isInteger(index) && index >= 0 && index < count) return;
  throw new InvalidDataError({
    source,
    actual: `${what} ${index}`,
    expected: `an index from 0 to ${count - 1}`,
  });
}
