import {
  causeMessage,
  type ExportedMetadata,
  type ExportPrecision,
  exportedModel,
  type ItemColumns,
  type ItemFilter,
  invalidOption,
  type OnnxRuntime,
  type Recommendation,
  type RecommenderInputs,
  RuntimeError,
  UnsupportedError,
} from "@dmrec/core";
import type { InferenceSession } from "onnxruntime-common";
import { modelInputs } from "./model-inputs";
import { requestBatches } from "./request-batches";
import { RequestParser, type RequestRow } from "./request-parser";
import type { ServingAudience, ServingRequest } from "./serving-request";

const { inputs, outputs } = exportedModel;

/** An exported recommender, ready to answer. It holds native memory until {@link ServedRecommender.close}. */
export class ServedRecommender {
  readonly #runtime: OnnxRuntime;
  readonly #session: InferenceSession;
  readonly #requests: RequestParser;
  /** True for a model of so many items that it gives ranked ones only. */
  readonly #ranksInBlocks: boolean;
  readonly #hasFilter: boolean;
  /** Calls in progress, which closing waits for. */
  readonly #calls = new Set<Promise<unknown>>();
  #closed: Promise<void> | undefined;
  /** The model's name, e.g. `mult-vae+mddm`. */
  readonly name: string;
  /** Everything that the model was made from. */
  readonly configuration: unknown;
  /** The inputs that the scores depend on. They decide which keys of a request describe a user. */
  readonly reads: RecommenderInputs;
  /** The type of the file's large arrays. Scores are float32 with each. */
  readonly precision: ExportPrecision;
  /** Identifiers of the items, by index. */
  readonly itemIds: readonly string[];
  /** Names of the items, by index; the identifier of an item that has none. */
  readonly itemNames: readonly string[];
  /** The columns of the items' table, by name, that requests may filter by. Empty if the file has none. */
  readonly itemColumns: ItemColumns;
  /** Identifiers of the known users, by index. Absent if the model does not know users. */
  readonly userIds: readonly string[] | undefined;
  /** The width of the profile embeddings that it reads. Absent if it reads none. */
  readonly profileWidth: number | undefined;

  constructor(runtime: OnnxRuntime, session: InferenceSession, metadata: ExportedMetadata) {
    this.#runtime = runtime;
    this.#session = session;
    this.#hasFilter = session.inputNames.includes(inputs.allowed);
    this.#ranksInBlocks = session.inputNames.includes(inputs.hiddenScore);
    this.name = metadata.model;
    this.configuration = metadata.configuration;
    this.reads = metadata.reads;
    this.precision = metadata.precision;
    const { ids, names } = metadata.items;
    this.itemIds = ids;
    this.itemNames = names ? ids.map((id, item) => names[item] || id) : ids;
    this.itemColumns = metadata.columns ?? {};
    this.userIds = metadata.users?.ids;
    const profiles = session.inputMetadata.find(({ name }) => name === inputs.profileEmbeddings);
    const width = profiles?.isTensor ? profiles.shape.at(-1) : undefined;
    this.profileWidth = typeof width === "number" ? width : undefined;
    this.#requests = new RequestParser(metadata, this.profileWidth);
  }

  /**
   * The best items for a user, best first. Items that the user interacted with are left out.
   *
   * @throws InvalidOptionsError for an unknown identifier or key, or a value that does not fit the model.
   * @throws UnsupportedError for a new user if the model reads the user's index, and after {@link ServedRecommender.close}.
   * @throws RuntimeError if ONNX Runtime fails.
   * @example
   * await recommender.recommend({ interactions: ["item-3", { itemId: "item-9", weight: 0.5 }], count: 5 });
   * await recommender.recommend({ userId: "user-17", exclude: ["item-4"] });
   * await recommender.recommend({ interactions: ["item-3"], filter: { genres: "Comedy", year: { from: 1990 } } });
   */
  recommend(request: ServingRequest): Promise<Recommendation[]> {
    return this.#call(async () => {
      const row = this.#requests.parse(request, { call: "recommend" });
      const [recommendations] = await this.#recommendRows([row]);
      return recommendations;
    });
  }

  /**
   * The best items for each of many users, in runs of bounded size: at most 1024 users and 2²⁴ scores.
   *
   * @throws InvalidOptionsError, UnsupportedError, RuntimeError as {@link ServedRecommender.recommend} does.
   */
  recommendAll(requests: readonly ServingRequest[]): Promise<Recommendation[][]> {
    return this.#call(async () => {
      if (!Array.isArray(requests)) throw invalidOption("recommendAll", "expected an array of requests");
      return this.#recommendRows(
        requests.map((request, index) => this.#requests.parse(request, { call: "recommendAll", index })),
      );
    });
  }

  /**
   * The scores of all items for a user, by index. Higher is better. Items that the user interacted with have scores too.
   *
   * @throws InvalidOptionsError, UnsupportedError, RuntimeError as {@link ServedRecommender.recommend} does.
   */
  score(audience: ServingAudience): Promise<Float32Array> {
    return this.#call(async () => {
      const [scores] = await this.#scoresOf([this.#requests.parse(audience, { call: "score" })]);
      return scores;
    });
  }

  /**
   * The scores of all items for each of many users, in runs of bounded size as those of
   * {@link ServedRecommender.recommendAll}. A run shares the work that does not depend on its users.
   *
   * @throws InvalidOptionsError, UnsupportedError, RuntimeError as {@link ServedRecommender.recommend} does.
   */
  scoreAll(audiences: readonly ServingAudience[]): Promise<Float32Array[]> {
    return this.#call(async () => {
      if (!Array.isArray(audiences)) throw invalidOption("scoreAll", "expected an array of users");
      const rows = audiences.map((audience, index) =>
        this.#requests.parse(audience, { call: "scoreAll", index }),
      );
      return this.#scoresOf(rows);
    });
  }

  /**
   * Checks a request without answering it, for callers that collect requests before they call
   * {@link ServedRecommender.recommendAll}, which one wrong request fails.
   *
   * @throws InvalidOptionsError, UnsupportedError as {@link ServedRecommender.recommend} does.
   */
  assertRequest(request: ServingRequest): void {
    this.#requests.parse(request, { call: "recommend" });
  }

  /**
   * The items that meet a filter, `[items]`: 1 for each that does, otherwise 0. For callers that rank scores themselves. The array
   * is shared; do not change it.
   *
   * @throws InvalidOptionsError for a filter that does not fit {@link ServedRecommender.itemColumns}.
   */
  matchingItems(filter: ItemFilter): Uint8Array {
    return this.#requests.parseFilter(filter, { call: "matchingItems" });
  }

  /** Frees the model after the calls in progress. Closing twice does nothing. */
  close(): Promise<void> {
    this.#closed ??= Promise.allSettled(this.#calls).then(() => this.#session.release());
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #call<Result>(run: () => Promise<Result>): Promise<Result> {
    if (this.#closed)
      return Promise.reject(
        new UnsupportedError("this recommender is closed; load it again with loadRecommender"),
      );
    const result = run();
    this.#calls.add(result);
    return result.finally(() => this.#calls.delete(result));
  }

  async #recommendRows(rows: readonly RequestRow[]): Promise<Recommendation[][]> {
    const results: Recommendation[][] = rows.map(() => []);
    const lengths = rows.map(({ items, excluded }) => Math.max(items.length, excluded.length));
    for (const batch of requestBatches(lengths, this.itemIds.length)) {
      const count = Math.max(...batch.map((index) => rows[index].count));
      const top = await this.#run(
        batch.map((index) => rows[index]),
        count,
        [outputs.topItems, outputs.topScores],
      );
      const [items, scores] = [top[outputs.topItems].data, top[outputs.topScores].data];
      for (const [position, index] of batch.entries()) {
        for (let place = position * count; place < position * count + rows[index].count; place += 1) {
          const score = Number(scores[place]);
          // Items that are left out come last.
          if (score === Number.NEGATIVE_INFINITY) break;
          results[index].push(this.#recommendation(Number(items[place]), score));
        }
      }
    }
    return results;
  }

  /** The scores of all items, by index, of each row. */
  async #scoresOf(rows: readonly RequestRow[]): Promise<Float32Array[]> {
    const results: Float32Array[] = [];
    if (this.#ranksInBlocks) {
      for (const row of rows) results.push(await this.#rankAll(row));
      return results;
    }
    const itemCount = this.itemIds.length;
    const lengths = rows.map(({ items }) => items.length);
    for (const batch of requestBatches(lengths, itemCount)) {
      const batchRows = batch.map((index) => rows[index]);
      const { [outputs.scores]: scores } = await this.#run(batchRows, 1, [outputs.scores]);
      const values = Float32Array.from(scores.data, Number);
      for (const [position, index] of batch.entries())
        results[index] = values.slice(position * itemCount, (position + 1) * itemCount);
    }
    return results;
  }

  /** The scores of all items, by index, of a model that gives ranked items only. */
  async #rankAll(row: RequestRow): Promise<Float32Array> {
    const count = this.itemIds.length;
    const top = await this.#run([row], count, [outputs.topItems, outputs.topScores], 0);
    const [items, values] = [top[outputs.topItems].data, top[outputs.topScores].data];
    const scores = new Float32Array(count);
    for (let place = 0; place < count; place += 1) scores[Number(items[place])] = Number(values[place]);
    return scores;
  }

  async #run(
    rows: readonly RequestRow[],
    count: number,
    fetches: readonly string[],
    hiddenScore = Number.NEGATIVE_INFINITY,
  ): Promise<InferenceSession.ReturnType> {
    const { profileWidth, itemIds } = this;
    const feeds = modelInputs(this.#runtime, rows, {
      itemCount: itemIds.length,
      profileWidth,
      count,
      hiddenScore: this.#ranksInBlocks ? hiddenScore : undefined,
      hasFilter: this.#hasFilter,
    });
    try {
      return await this.#session.run(feeds, fetches);
    } catch (cause) {
      throw new RuntimeError(`ONNX Runtime does not run ${this.name}: ${causeMessage(cause)}`, { cause });
    }
  }

  #recommendation(item: number, score: number): Recommendation {
    return { item, itemId: this.itemIds[item], name: this.itemNames[item], score };
  }
}
