import {
  type DenseMatrix,
  type ItemFilter,
  ItemFilters,
  interactionWeightSchema,
  invalidOption,
  itemFilterSchema,
  type ProfileEmbedding,
  parseOptions,
  type RecommendationRequest,
  type Recommender,
  type SplitDataset,
  UnsupportedError,
  type UserRows,
} from "@dmrec/core";
import { gatherRows } from "@dmrec/data";
import { z } from "zod";

const embeddingSchema = z.custom<ProfileEmbedding>(
  (value) =>
    value instanceof Float32Array ||
    (Array.isArray(value) && value.every((number) => typeof number === "number")),
  "expected a Float32Array or an array of numbers",
);

const index = z.int().nonnegative();
const weightedItemSchema = z.strictObject({ item: index, weight: interactionWeightSchema });

const requestSchema = z
  .strictObject({
    userIndex: index.optional(),
    interactions: z
      .array(
        z.union([index, weightedItemSchema], {
          error: "expected an item's index, or { item, weight } with a weight above 0",
        }),
      )
      .readonly()
      .optional(),
    profileEmbedding: embeddingSchema.optional(),
    count: z.int().positive().default(10),
    exclude: z.array(index).readonly().default([]),
    filter: itemFilterSchema.optional(),
  })
  .refine(
    ({ userIndex, interactions, profileEmbedding }) =>
      (userIndex === undefined) !== (interactions === undefined && profileEmbedding === undefined),
    "expected either userIndex, or interactions, profileEmbedding or both",
  );

/** A request in a model's terms. */
export interface ParsedRequest {
  readonly rows: UserRows;
  readonly count: number;
  readonly exclude: readonly number[];
}

/**
 * Checks a request, and gives the user's row.
 *
 * @throws InvalidOptionsError for a request that names an unknown user or item, or a profile of another width.
 * @throws UnsupportedError for a new user if the model knows users by their index only.
 */
export function parseRequest(
  recommender: Recommender,
  data: SplitDataset | undefined,
  request: RecommendationRequest,
): ParsedRequest {
  const {
    userIndex,
    interactions = [],
    profileEmbedding,
    count,
    exclude: named,
    filter,
  } = parseOptions("recommend", requestSchema, request);
  const { name, itemCount, reads } = recommender;
  for (const item of named) assertIndex("exclude", "item", item, itemCount);
  const exclude = filter ? [...named, ...filteredItems(filter, itemCount, data)] : named;
  if (userIndex !== undefined) {
    if (!data)
      throw invalidOption(
        "recommend.userIndex",
        "needs the data: pass `data` to trainer.open, or fit the model",
      );
    assertIndex("userIndex", "user", userIndex, data.userCount);
    return { rows: gatherRows(data.train, Int32Array.of(userIndex)), count, exclude };
  }
  if (reads.userIndex)
    throw new UnsupportedError(
      `${name} knows users by their index only and cannot recommend to a new user; pass userIndex, or use a model that reads interactions or profiles`,
    );
  const weights = new Map(
    interactions.map((entry) => (typeof entry === "number" ? [entry, 1] : [entry.item, entry.weight])),
  );
  for (const item of weights.keys()) assertIndex("interactions", "item", item, itemCount);
  const items = Int32Array.from(weights.keys()).sort();
  const rows = {
    itemCount,
    rowCount: 1,
    rows: new Int32Array(items.length),
    items,
    weights: Float32Array.from(items, (item) => weights.get(item) ?? 1),
    profileEmbeddings: profileRow(recommender, profileEmbedding),
  };
  return { rows, count, exclude };
}

/** The items that a filter leaves out. */
function filteredItems(filter: ItemFilter, itemCount: number, data: SplitDataset | undefined): number[] {
  return new ItemFilters(data?.itemColumns ?? {}, itemCount).itemsOutside(filter, (path, message) =>
    invalidOption(["recommend", "filter", ...path].join("."), message),
  );
}

/** A new user without a profile has the zero vector, which says nothing. */
function profileRow(
  { name, profileWidth: width }: Recommender,
  embedding: ProfileEmbedding | undefined,
): DenseMatrix | undefined {
  if (width === undefined) {
    if (embedding === undefined) return undefined;
    throw invalidOption("recommend.profileEmbedding", `expected none: ${name} does not read profiles`);
  }
  const values = embedding === undefined ? new Float32Array(width) : Float32Array.from(embedding);
  if (values.length !== width || !values.every(Number.isFinite)) {
    const message = `${values.length} numbers; expected ${width} finite numbers, as the model's users have`;
    throw invalidOption("recommend.profileEmbedding", message);
  }
  return { rowCount: 1, columnCount: width, values };
}

function assertIndex(option: string, what: string, index: number, count: number): void {
  if (index < count) return;
  throw invalidOption(`recommend.${option}`, `${what} ${index}; expected an index from 0 to ${count - 1}`);
}
