import {
  checkOptions,
  type ExportedMetadata,
  InvalidOptionsError,
  type ItemFilter,
  ItemFilters,
  interactionWeightSchema,
  itemFilterSchema,
  type OptionIssue,
  type ProfileEmbedding,
  UnsupportedError,
} from "@dmrec/core";
import { z } from "zod";
import type { WeightedItem } from "./serving-request";

/** A request in the model's indices. */
export interface RequestRow {
  /** The user's index. Absent if the model does not know users. */
  readonly user: number | undefined;
  readonly items: readonly number[];
  readonly weights: readonly number[];
  readonly excluded: readonly number[];
  /** 1 for each item that the user may get, otherwise 0, `[items]`. Absent for any item. */
  readonly allowed: Uint8Array | undefined;
  readonly profileEmbedding: ProfileEmbedding | undefined;
  readonly count: number;
}

/** The call that a request belongs to, for messages. */
export interface RequestPlace {
  /** The method that was called. */
  readonly call: "recommend" | "recommendAll" | "score" | "scoreAll" | "matchingItems";
  /** The request's index among those of the call. */
  readonly index?: number;
}

const weightedItemSchema = z.strictObject({ itemId: z.string(), weight: interactionWeightSchema });

const audienceSchema = z.strictObject({
  userId: z.string().optional(),
  interactions: z.array(z.unknown()).default([]),
  profileEmbedding: z
    .custom<ProfileEmbedding>(
      (value) => value instanceof Float32Array || Array.isArray(value),
      "expected a Float32Array or an array of numbers",
    )
    .optional(),
});

const requestSchema = audienceSchema.extend({
  count: z.int().positive().default(10),
  exclude: z.array(z.string()).default([]),
  filter: itemFilterSchema.optional(),
});

/** Checks requests, and translates identifiers into a model's indices. */
export class RequestParser {
  readonly #metadata: ExportedMetadata;
  readonly #profileWidth: number | undefined;
  readonly #items: ReadonlyMap<string, number>;
  readonly #users: ReadonlyMap<string, number>;
  /** Absent for a model whose file has no columns of items. */
  readonly #filters: ItemFilters | undefined;

  constructor(metadata: ExportedMetadata, profileWidth: number | undefined) {
    this.#metadata = metadata;
    this.#profileWidth = profileWidth;
    this.#items = indicesById(metadata.items.ids);
    this.#users = indicesById(metadata.users?.ids ?? []);
    const { columns, items } = metadata;
    this.#filters = columns && new ItemFilters(columns, items.ids.length);
  }

  /**
   * Translates a request. One of `score` or `scoreAll` has neither a count nor items to leave out.
   *
   * @throws InvalidOptionsError for unknown identifiers or keys, or values that do not fit the model.
   * @throws UnsupportedError for a request without a user identifier if the model reads the user's index.
   */
  parse(request: unknown, place: RequestPlace): RequestRow {
    const asksForScores = place.call === "score" || place.call === "scoreAll";
    const schema = asksForScores ? audienceSchema.transform(withoutChoice) : requestSchema;
    const result = checkOptions(schema, request);
    if (!result.success) throw invalidRequest(place, result.issues);
    const { userId, interactions, profileEmbedding, exclude, filter, count } = result.data;
    const weights = this.#weights(interactions, place);
    return {
      user: this.#user(userId, place),
      items: [...weights.keys()],
      weights: [...weights.values()],
      excluded: exclude.map((itemId) => this.#item(itemId, "exclude", place)),
      allowed: filter && this.#allowed(filter, place),
      profileEmbedding: this.#profile(profileEmbedding, place),
      count: Math.min(count, this.#metadata.items.ids.length),
    };
  }

  /**
   * The items that meet a filter, `[items]`: 1 for each that does, otherwise 0.
   *
   * @throws InvalidOptionsError for a filter that does not fit the columns.
   */
  parseFilter(filter: unknown, place: RequestPlace): Uint8Array {
    const result = checkOptions(itemFilterSchema, filter);
    if (result.success) return this.#allowed(result.data, place);
    throw invalidRequest(place, under("filter", result.issues));
  }

  #allowed(filter: ItemFilter, place: RequestPlace): Uint8Array {
    const fail = (path: readonly string[], message: string) =>
      invalidRequest(place, [{ path: ["filter", ...path].join("."), message }]);
    if (this.#filters) return this.#filters.mask(filter, fail);
    const { model } = this.#metadata;
    throw fail(
      [],
      `the file of ${model} has no columns to filter by; export it again from data with a table of items`,
    );
  }

  #user(userId: string | undefined, place: RequestPlace): number | undefined {
    const { model, reads } = this.#metadata;
    if (!reads.userIndex) {
      if (userId === undefined) return undefined;
      const expected = `${this.#anonymousInputs()} instead: ${model} does not know users by an identifier`;
      throw wrongValue(place, "userId", `user ${JSON.stringify(userId)}; expected ${expected}`);
    }
    if (userId !== undefined) return findIndex(this.#users, userId, "user", "userId", place);
    const path = place.index === undefined ? "userId" : `${place.index}.userId`;
    throw new UnsupportedError(
      `${place.call}: ${path}: none; ${model} has parameters for each user that it was trained on, so it cannot recommend to a new user; pass the userId of a known user, or serve a model that reads only interactions and profiles`,
    );
  }

  /** The keys that describe a user to a model without user indices. */
  #anonymousInputs(): string {
    const { interactions, profile } = this.#metadata.reads;
    if (interactions && profile) return "interactions, profileEmbedding or both";
    return profile ? "profileEmbedding" : "interactions";
  }

  #item(itemId: string, key: string, place: RequestPlace): number {
    return findIndex(this.#items, itemId, "item", key, place);
  }

  /** The weights by item. An item that is listed twice has its last weight. */
  #weights(interactions: readonly unknown[], place: RequestPlace): ReadonlyMap<number, number> {
    const weights = new Map<number, number>();
    for (const [position, entry] of interactions.entries()) {
      // Most items have no weight: a schema for each would take longer than the rest of the request.
      const { itemId, weight } =
        typeof entry === "string" ? { itemId: entry, weight: 1 } : weightedItem(entry, position, place);
      weights.set(this.#item(itemId, "interactions", place), weight);
    }
    return weights;
  }

  #profile(embedding: ProfileEmbedding | undefined, place: RequestPlace): ProfileEmbedding | undefined {
    if (embedding === undefined) return undefined;
    if (this.#profileWidth === undefined)
      throw wrongValue(
        place,
        "profileEmbedding",
        `expected none: ${this.#metadata.model} does not read profiles`,
      );
    if (embedding.length !== this.#profileWidth || !areFinite(embedding)) {
      const expected = `${this.#profileWidth} finite numbers, as the model's users have`;
      throw wrongValue(place, "profileEmbedding", `${embedding.length} numbers; expected ${expected}`);
    }
    return embedding;
  }
}

/**
 * True if all values are finite as float32. A loop, because `every` takes twenty times as long, which would be a sixth of a
 * recommendation.
 */
function areFinite(values: ProfileEmbedding): boolean {
  for (let index = 0; index < values.length; index += 1)
    if (!Number.isFinite(Math.fround(values[index]))) return false;
  return true;
}

/** The schema's output for a request that asks for scores: it asks for no items. */
function withoutChoice(audience: z.output<typeof audienceSchema>): z.output<typeof requestSchema> {
  return { ...audience, exclude: [], filter: undefined, count: 1 };
}

/** Issues of a value inside another one. */
function under(outer: string, issues: readonly OptionIssue[]): readonly OptionIssue[] {
  return issues.map((issue) => ({ ...issue, path: issue.path === "" ? outer : `${outer}.${issue.path}` }));
}

function weightedItem(entry: unknown, position: number, place: RequestPlace): WeightedItem {
  const result = checkOptions(
    weightedItemSchema,
    typeof entry === "object" ? entry : { itemId: entry, weight: 1 },
  );
  if (result.success) return result.data;
  throw invalidRequest(place, under(`interactions.${position}`, result.issues));
}

function indicesById(ids: readonly string[]): ReadonlyMap<string, number> {
  return new Map(ids.map((id, index) => [id, index]));
}

function findIndex(
  indices: ReadonlyMap<string, number>,
  id: string,
  entity: "item" | "user",
  key: string,
  place: RequestPlace,
): number {
  const index = indices.get(id);
  if (index !== undefined) return index;
  // Items may be shown to anyone, users may not.
  const [first] = entity === "item" ? indices.keys() : [];
  const example = first === undefined ? "" : `, such as ${JSON.stringify(first)}`;
  const expected = `one of the ${entity}s that the model was trained on${example}`;
  throw wrongValue(place, key, `${entity} ${JSON.stringify(id)}; expected ${expected}`);
}

function wrongValue(place: RequestPlace, key: string, message: string): InvalidOptionsError {
  return invalidRequest(place, [{ path: key, message }]);
}

function invalidRequest(place: RequestPlace, issues: readonly OptionIssue[]): InvalidOptionsError {
  return new InvalidOptionsError(
    place.call,
    place.index === undefined ? issues : under(String(place.index), issues),
  );
}
