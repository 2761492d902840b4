import { DMRecError, InvalidDataError } from "@dmrec/core";
import type { InferenceSession, Tensor, TensorConstructor } from "onnxruntime-common";
import { z } from "zod";
import type { ModelMetadata } from "./model-file";
import { requestBatches } from "./request-batches";

/** What a runtime needs to have: onnxruntime-node and onnxruntime-web are such. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(model: Uint8Array, options?: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: TensorConstructor;
}

/** Whom to recommend to, by what is known of them. */
export interface RecommendationRequest {
  /** Identifiers of the items that they interacted with, each of weight 1 or the weight given. They are not recommended. */
  readonly interactions?: readonly (string | { readonly itemId: string; readonly weight: number })[];
  /** The embedding of their profile's text, where the model reads profiles; without it a zero vector, which says nothing. */
  readonly profileEmbedding?: Float32Array | readonly number[];
  /** How many items; default 10. */
  readonly k?: number;
  /** Identifiers of further items to leave out. */
  readonly exclude?: readonly string[];
}

export interface Recommendation {
  /** The item's index in the model. */
  readonly item: number;
  readonly itemId: string;
  /** The item's name where the model knows names, else its identifier. */
  readonly name: string;
  readonly score: number;
}

const countSchema = z.int().positive();

/** A request in the model's indices. */
interface Row {
  readonly items: readonly number[];
  readonly weights: readonly number[];
  readonly excluded: readonly number[];
  readonly profile: ArrayLike<number> | undefined;
  readonly count: number;
}

/** An exported recommender, ready to answer. It holds native memory: {@link OnnxRecommender.release} it. */
export class OnnxRecommender {
  readonly #runtime: OnnxRuntime;
  readonly #session: InferenceSession;
  readonly #indices: ReadonlyMap<string, number>;
  readonly #names: readonly string[] | undefined;
  #isReleased = false;
  /** Identifiers of the items, by index. */
  readonly itemIds: readonly string[];
  /** What the model was made from. */
  readonly configuration: unknown;
  /** The width of the profile embeddings that it reads; none where it reads interactions alone. */
  readonly profileWidth: number | undefined;

  constructor(runtime: OnnxRuntime, session: InferenceSession, { items, configuration }: ModelMetadata) {
    this.#runtime = runtime;
    this.#session = session;
    this.itemIds = items.ids;
    this.configuration = configuration;
    this.#names = items.names;
    this.#indices = new Map(items.ids.map((id, index) => [id, index]));
    const profiles = session.inputMetadata.find(({ name }) => name === "profiles");
    const width = profiles?.isTensor ? profiles.shape.at(-1) : undefined;
    this.profileWidth = typeof width === "number" ? width : undefined;
  }

  /**
   * The best items for somebody, best first.
   *
   * @throws InvalidDataError for an unknown item, a profile of another width, a `k` that is not a whole number above 0,
   * or a key that a request does not have.
   * @throws DMRecError (`unsupported`) after {@link OnnxRecommender.release}.
   */
  async recommend(request: RecommendationRequest): Promise<Recommendation[]> {
    const [recommendations] = await this.recommendAll([request]);
    return recommendations;
  }

  /** The best items for each of many, in runs of at most 1024 users whose inputs and scores are bounded. */
  async recommendAll(requests: readonly RecommendationRequest[]): Promise<Recommendation[][]> {
    const rows = requests.map((request, index) => this.#row(request, `request ${index}`));
    const results: Recommendation[][] = requests.map(() => []);
    const lengths = rows.map(({ items, excluded }) => Math.max(items.length, excluded.length));
    for (const batch of requestBatches(lengths, this.itemIds.length)) {
      const count = Math.max(...batch.map((index) => rows[index].count));
      const feeds = this.#feeds(
        batch.map((index) => rows[index]),
        count,
      );
      const { top_items, top_scores } = await this.#run(feeds, ["top_items", "top_scores"]);
      const [items, scores] = [top_items.data, top_scores.data];
      for (const [position, index] of batch.entries()) {
        for (let place = position * count; place < position * count + rows[index].count; place += 1) {
          const score = Number(scores[place]);
          // Hidden items come last, and are none.
          if (score === Number.NEGATIVE_INFINITY) break;
          results[index].push(this.#recommendation(Number(items[place]), score));
        }
      }
    }
    return results;
  }

  /** The scores of all items for somebody, by index; higher is better, and known items have theirs too. */
  async scores(request: Omit<RecommendationRequest, "k" | "exclude">): Promise<Float32Array> {
    const feeds = this.#feeds([this.#row(request, "the request")], 1);
    const { scores } = await this.#run(feeds, ["scores"]);
    return Float32Array.from(scores.data, Number);
  }

  /** Frees the model; it answers no more. */
  async release(): Promise<void> {
    if (this.#isReleased) return;
    this.#isReleased = true;
    await this.#session.release();
  }

  async #run(
    feeds: Record<string, Tensor>,
    outputs: readonly string[],
  ): Promise<InferenceSession.ReturnType> {
    if (this.#isReleased)
      throw new DMRecError("unsupported", "this recommender is released; load it again by createRecommender");
    return this.#session.run(feeds, outputs);
  }

  #recommendation(item: number, score: number): Recommendation {
    const itemId = this.itemIds[item];
    return { item, itemId, name: this.#names?.[item] || itemId, score };
  }

  #row(
    { interactions = [], profileEmbedding, exclude = [], k = 10, ...rest }: RecommendationRequest,
    source: string,
  ): Row {
    // A misspelt key would be an answer for nobody.
    for (const key of Object.keys(rest)) {
      const expected = "interactions, profileEmbedding, exclude and k alone";
      throw new InvalidDataError({ source, actual: `the key "${key}"`, expected });
    }
    if (!countSchema.safeParse(k).success)
      throw new InvalidDataError({ source, actual: `k = ${k}`, expected: "a whole number above 0" });
    const known = interactions.map((entry) =>
      typeof entry === "object" ? entry : { itemId: entry, weight: 1 },
    );
    for (const { itemId, weight } of known) {
      if (!(weight > 0 && Number.isFinite(weight))) {
        const expected = "a finite number above 0";
        throw new InvalidDataError({
          source,
          location: `item "${itemId}"`,
          actual: `weight ${weight}`,
          expected,
        });
      }
    }
    return {
      items: known.map(({ itemId }) => this.#index(itemId, source)),
      weights: known.map(({ weight }) => weight),
      excluded: exclude.map((itemId) => this.#index(itemId, source)),
      profile: this.#profile(profileEmbedding, source),
      count: Math.min(k, this.itemIds.length),
    };
  }

  #index(itemId: string, source: string): number {
    const index = this.#indices.get(itemId);
    if (index !== undefined) return index;
    const isIdentifier = typeof itemId === "string";
    throw new InvalidDataError({
      source,
      actual: `item ${isIdentifier ? JSON.stringify(itemId) : itemId}`,
      expected: isIdentifier
        ? "one of the items that the model was trained on (see itemIds)"
        : "an identifier, which is a string (see itemIds)",
    });
  }

  #profile(
    embedding: RecommendationRequest["profileEmbedding"],
    source: string,
  ): ArrayLike<number> | undefined {
    if (embedding === undefined) return undefined;
    if (!(embedding instanceof Float32Array || Array.isArray(embedding))) {
      const expected = "a Float32Array or an array of numbers";
      throw new InvalidDataError({
        source,
        actual: `a profile embedding that is a ${typeof embedding}`,
        expected,
      });
    }
    const actual = `a profile embedding of ${embedding.length} numbers`;
    if (this.profileWidth === undefined)
      throw new InvalidDataError({ source, actual, expected: "none: this model reads interactions alone" });
    if (embedding.length !== this.profileWidth || !embedding.every(Number.isFinite))
      throw new InvalidDataError({ source, actual, expected: `${this.profileWidth} finite numbers` });
    return embedding;
  }

  #feeds(rows: readonly Row[], count: number): Record<string, Tensor> {
    const { Tensor } = this.#runtime;
    // A run has at least one place for everything: empty axes are not for every runtime.
    const length = Math.max(1, ...rows.map(({ items }) => items.length));
    const excludedLength = Math.max(1, ...rows.map(({ excluded }) => excluded.length));
    const items = new Int32Array(rows.length * length);
    const weights = new Float32Array(rows.length * length);
    const excluded = new Int32Array(rows.length * excludedLength).fill(this.itemIds.length);
    for (const [index, row] of rows.entries()) {
      items.set(row.items, index * length);
      weights.set(row.weights, index * length);
      excluded.set(row.excluded, index * excludedLength);
    }
    return {
      items: new Tensor("int32", items, [rows.length, length]),
      weights: new Tensor("float32", weights, [rows.length, length]),
      excluded: new Tensor("int32", excluded, [rows.length, excludedLength]),
      count: new Tensor("int64", BigInt64Array.of(BigInt(count)), [1]),
      ...(this.profileWidth === undefined ? {} : { profiles: this.#profiles(rows, this.profileWidth) }),
    };
  }

  #profiles(rows: readonly Row[], width: number): Tensor {
    const values = new Float32Array(rows.length * width);
    for (const [index, { profile }] of rows.entries()) if (profile) values.set(profile, index * width);
    return new this.#runtime.Tensor("float32", values, [rows.length, width]);
  }
}
