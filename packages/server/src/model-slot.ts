import { UnsupportedError } from "@dmrec/core";
import { Refusal } from "./refusal";
import { RequestBatcher, type RequestBatcherOptions } from "./request-batcher";
import type { ServiceModel } from "./service-model";

/** A model in use: requests hold it until they are answered. */
export class ModelInUse {
  readonly model: ServiceModel;
  readonly batcher: RequestBatcher;
  /** Indices of the items by identifier. */
  readonly itemIndices: ReadonlyMap<string, number>;
  #requests = 0;
  #isRetired = false;
  #whenIdle: () => void = () => {};
  readonly #idle: Promise<void>;

  constructor(model: ServiceModel, options: RequestBatcherOptions) {
    this.model = model;
    this.batcher = new RequestBatcher(model.recommender, options);
    this.itemIndices = new Map(model.recommender.itemIds.map((id, item) => [id, item]));
    this.#idle = new Promise((resolve) => {
      this.#whenIdle = resolve;
    });
  }

  async use<Result>(run: (model: ModelInUse) => Promise<Result>): Promise<Result> {
    this.#requests += 1;
    try {
      return await run(this);
    } finally {
      this.#requests -= 1;
      this.#settle();
    }
  }

  /**
   * Closes the recommender after the last request, unless the model that comes next has the same one. No request may begin after
   * this call.
   */
  async retire(next?: ServiceModel): Promise<void> {
    this.#isRetired = true;
    this.#settle();
    await this.#idle;
    const { recommender } = this.model;
    if (next?.recommender !== recommender) await recommender.close();
  }

  #settle(): void {
    if (this.#isRetired && this.#requests === 0) this.#whenIdle();
  }
}

/** The model that new requests get. It can be replaced while requests are answered. */
export class ModelSlot {
  readonly #options: RequestBatcherOptions;
  #current: ModelInUse | undefined;

  constructor(model: ServiceModel, options: RequestBatcherOptions) {
    this.#options = options;
    this.#current = new ModelInUse(model, options);
  }

  get current(): ModelInUse {
    if (!this.#current) throw new Refusal(503, "the service is stopped");
    return this.#current;
  }

  /** Users that wait for an answer of the present model. */
  get waiting(): number {
    return this.#current?.batcher.waiting ?? 0;
  }

  /**
   * Gives new requests another model, and closes the one before after its last request.
   *
   * @throws UnsupportedError after {@link ModelSlot.close}; the given model is closed.
   */
  async swap(model: ServiceModel): Promise<void> {
    const before = this.#current;
    if (!before) {
      await model.recommender.close();
      throw new UnsupportedError("this service is stopped and takes no model; start another one");
    }
    this.#current = new ModelInUse(model, this.#options);
    await before.retire(model);
  }

  /** Closes the model after its last request. Closing twice does nothing. */
  async close(): Promise<void> {
    const last = this.#current;
    this.#current = undefined;
    await last?.retire();
  }
}
