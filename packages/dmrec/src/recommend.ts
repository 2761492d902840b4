import {
  type DenseMatrix,
  type UserRows,
  InvalidDataError,
  parseOptions,
  type Recommender,
  type SplitDataset,
} from "@dmrec/core";
import { gatherRows } from "@dmrec/data";
import { topK } from "@dmrec/eval";
import type { ModelTrainer } from "@dmrec/trainer";
import { z } from "zod";
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

const embeddingSchema = z.custom<Float32Array | readonly number[]>(
  (value) =>
    value instanceof Float32Array ||
    (Array.isArray(value) && value.every((number) => typeof number === "number")),
  "expected a Float32Array or an array of numbers",
);

const audienceSchema = z
  .strictObject({
    user: z.number().optional(),
    items: z.array(z.number()).readonly().optional(),
    profileEmbedding: embeddingSchema.optional(),
  })
  .refine(
    ({ user, items, profileEmbedding }) =>
      (user === undefined) !== (items === undefined && profileEmbedding === undefined),
    "expected either user, or items, profileEmbedding or both",
  );

const optionsSchema = z.strictObject({
  audience: audienceSchema,
  /** How many items. */
  count: z.int().positive().default(10),
});

/** Whom to recommend to: a user of the data by index, or somebody new by their items, their profile's embedding, or both. */
export type Audience =
  | { readonly user: number }
  | { readonly items: readonly number[]; readonly profileEmbedding?: ProfileEmbedding }
  | { readonly items?: readonly number[]; readonly profileEmbedding: ProfileEmbedding };

/** The same, of any kind, as it was checked. */
type CheckedAudience = z.output<typeof audienceSchema>;

type ProfileEmbedding = z.output<typeof embeddingSchema>;

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
 * @throws InvalidOptionsError where it is not said who the audience is, or `count` is not a whole number above 0.
 * @throws InvalidDataError where the user or an item is not of the data, the profile embedding not of its width, or the
 * recommender does not read profiles.
 */
export async function recommend({
  trainer,
  recommender,
  data,
  ...rest
}: RecommendOptions): Promise<Recommendation[]> {
  const { audience, count } = parseOptions("recommend", optionsSchema, rest);
  const rows = rowsFor(data, audience);
  const scores = await trainer.scores(recommender, rows);
  if (audience.profileEmbedding !== undefined)
    await assertReadsProfiles(trainer, recommender, { rows, scores });
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
export function rowsFor(data: SplitDataset, audience: CheckedAudience): UserRows {
  const { user, items: known = [], profileEmbedding } = audience;
  if (user !== undefined) {
    assertIndex("user", user, data.userCount, data.name);
    return gatherRows(data.train, Int32Array.of(user));
  }
  for (const item of known) assertIndex("item", item, data.itemCount, data.name);
  const items = Int32Array.from(new Set(known)).sort();
  const profiles = profileOf(data, profileEmbedding);
  return {
    itemCount: data.itemCount,
    users: Int32Array.of(0),
    rows: new Int32Array(items.length),
    items,
    weights: new Float32Array(items.length).fill(1),
    ...(profiles ? { profiles } : {}),
  };
}

/** Recommenders that are known to give other scores for another profile. */
const profileReaders = new WeakSet<Recommender>();

/** A recommender that reads no profiles would drop one without a word. */
async function assertReadsProfiles(
  trainer: ModelTrainer,
  recommender: Recommender,
  { rows, scores }: { readonly rows: UserRows; readonly scores: Float32Array },
): Promise<void> {
  const { profiles } = rows;
  if (profiles === undefined || profileReaders.has(recommender)) return;
  const values = profiles.values.map((value) => (value === 0 ? 1 : 0));
  const others = await trainer.scores(recommender, { ...rows, profiles: { ...profiles, values } });
  if (scores.every((score, item) => score === others[item])) {
    throw new InvalidDataError({
      source: "the audience",
      actual: `a profile embedding of ${values.length} numbers`,
      expected: `none: ${recommender.name} reads interactions alone`,
    });
  }
  profileReaders.add(recommender);
}

/** Somebody without a profile has the zero vector, which says nothing. */
function profileOf(
  { name, language }: SplitDataset,
  embedding: ProfileEmbedding | undefined,
): DenseMatrix | undefined {
  const width = language?.users.columnCount ?? embedding?.length;
  if (width === undefined) return undefined;
  const values = embedding === undefined ? new Float32Array(width) : Float32Array.from(embedding);
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
