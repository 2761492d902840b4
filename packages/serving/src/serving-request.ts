import {
  type ExportedMetadata,
  InvalidDataError,
  type ProfileEmbedding,
  UnsupportedError,
} from "@dmrec/core";
import { z } from "zod";

/** An item with the weight of the user's interaction with it. */
export interface WeightedItem {
  readonly itemId: string;
  /** Finite and above 0; 1 for implicit feedback. */
  readonly weight: number;
}

/**
 * The user to recommend to: a known user by identifier if the model reads the user's index, otherwise any user by
 * interactions, profile, or both.
 */
export interface ServingAudience {
  /** The identifier of a user that the model was trained on. Required by models that read the user's index, and only by them. */
  readonly userId?: string | undefined;
  /**
   * Identifiers of the user's items, each with weight 1 or the weight given. They are not recommended. An item that is
   * listed twice has its last weight.
   *
   * @default []
   */
  readonly interactions?: readonly (string | WeightedItem)[] | undefined;
  /**
   * The embedding of the user's profile, made by the encoder of the training data. Only for models that read profiles.
   *
   * @default the zero vector, which says nothing
   */
  readonly profileEmbedding?: ProfileEmbedding | undefined;
}

export interface ServingRequest extends ServingAudience {
  /**
   * The number of items to return.
   *
   * @default 10
   */
  readonly count?: number | undefined;
  /**
   * Identifiers of further items to leave out.
   *
   * @default []
   */
  readonly exclude?: readonly string[] | undefined;
}

/** A request in the model's indices. */
export interface RequestRow {
  /** The user's index. Absent if the model does not know users. */
  readonly user: number | undefined;
  readonly items: readonly number[];
  readonly weights: readonly number[];
  readonly excluded: readonly number[];
  readonly profileEmbedding: ProfileEmbedding | undefined;
  readonly count: number;
}

const countSchema = z.int().positive();

/** Checks requests, and translates identifiers into a model's indices. */
export class RequestParser {
  readonly #metadata: ExportedMetadata;
  readonly #profileWidth: number | undefined;
  readonly #items: ReadonlyMap<string, number>;
  readonly #users: ReadonlyMap<string, number>;

  constructor(metadata: ExportedMetadata, profileWidth: number | undefined) {
    this.#metadata = metadata;
    this.#profileWidth = profileWidth;
    this.#items = indicesById(metadata.items.ids);
    this.#users = indicesById(metadata.users?.ids ?? []);
  }

  /**
   * Translates a request.
   *
   * @param source The request's place among others, for messages.
   * @throws InvalidDataError for unknown identifiers or keys, or values that do not fit the model.
   * @throws UnsupportedError for a request without a user identifier if the model reads the user's index.
   */
  parse(request: ServingRequest, source: string): RequestRow {
    const { userId, interactions = [], profileEmbedding, exclude = [], count = 10, ...rest } = request;
    // With `interactions` misspelled, the user would get the ranking of an anonymous user.
    for (const key of Object.keys(rest)) {
      const expected = "only userId, interactions, profileEmbedding, exclude and count";
      throw new InvalidDataError({ source, actual: `the key "${key}"`, expected });
    }
    if (!countSchema.safeParse(count).success)
      throw new InvalidDataError({ source, actual: `count ${count}`, expected: "a whole number above 0" });
    const weights = this.#weights(interactions, source);
    return {
      user: this.#user(userId, source),
      items: [...weights.keys()],
      weights: [...weights.values()],
      excluded: exclude.map((itemId) => this.#item(itemId, source)),
      profileEmbedding: this.#profile(profileEmbedding, source),
      count: Math.min(count, this.#metadata.items.ids.length),
    };
  }

  #user(userId: string | undefined, source: string): number | undefined {
    const { model, reads } = this.#metadata;
    if (!reads.userIndex) {
      if (userId === undefined) return undefined;
      const expected = `${this.#anonymousInputs()} instead: ${model} does not know users by an identifier`;
      throw new InvalidDataError({ source, actual: `userId ${JSON.stringify(userId)}`, expected });
    }
    if (userId !== undefined) return findIndex(this.#users, userId, "user", source);
    throw new UnsupportedError(
      `${source}: no userId; ${model} has parameters for each user that it was trained on, so it cannot recommend to a new user; pass the userId of a known user, or serve a model that reads only interactions and profiles`,
    );
  }

  /** The keys that describe a user to a model without user indices. */
  #anonymousInputs(): string {
    const { interactions, profile } = this.#metadata.reads;
    if (interactions && profile) return "interactions, profileEmbedding or both";
    return profile ? "profileEmbedding" : "interactions";
  }

  #item(itemId: string, source: string): number {
    return findIndex(this.#items, itemId, "item", source);
  }

  #weights(interactions: readonly (string | WeightedItem)[], source: string): ReadonlyMap<number, number> {
    const weights = new Map<number, number>();
    for (const entry of interactions) {
      const { itemId, weight } = typeof entry === "object" ? entry : { itemId: entry, weight: 1 };
      const item = this.#item(itemId, source);
      if (!(weight > 0 && Number.isFinite(weight))) {
        const location = `item "${itemId}"`;
        const expected = "a finite number above 0";
        throw new InvalidDataError({ source, location, actual: `weight ${weight}`, expected });
      }
      weights.set(item, weight);
    }
    return weights;
  }

  #profile(embedding: ProfileEmbedding | undefined, source: string): ProfileEmbedding | undefined {
    if (embedding === undefined) return undefined;
    if (!(embedding instanceof Float32Array || Array.isArray(embedding))) {
      const actual = `a profile embedding that is a ${typeof embedding}`;
      throw new InvalidDataError({ source, actual, expected: "a Float32Array or an array of numbers" });
    }
    const actual = `a profile embedding of ${embedding.length} numbers`;
    if (this.#profileWidth === undefined) {
      const expected = `none: ${this.#metadata.model} does not read profiles`;
      throw new InvalidDataError({ source, actual, expected });
    }
    if (embedding.length !== this.#profileWidth || !embedding.every(Number.isFinite))
      throw new InvalidDataError({ source, actual, expected: `${this.#profileWidth} finite numbers` });
    return embedding;
  }
}

function indicesById(ids: readonly string[]): ReadonlyMap<string, number> {
  return new Map(ids.map((id, index) => [id, index]));
}

function findIndex(
  indices: ReadonlyMap<string, number>,
  id: string,
  entity: "item" | "user",
  source: string,
): number {
  const index = indices.get(id);
  if (index !== undefined) return index;
  if (typeof id === "string") {
    const expected = `one of the ${entity}s that the model was trained on (see ${entity}Ids)`;
    throw new InvalidDataError({ source, actual: `${entity} ${JSON.stringify(id)}`, expected });
  }
  const expected = `an identifier, which is a string (see ${entity}Ids)`;
  throw new InvalidDataError({ source, actual: `${entity} ${id}`, expected });
}
