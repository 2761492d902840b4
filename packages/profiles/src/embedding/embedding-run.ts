import { setMaxListeners } from "node:events";
import type { EmbeddingModel } from "ai";
import { StoreBudget } from "../calls/budget";
import { interrupted, ModelCallError } from "../calls/model-call-error";
import type { Prices } from "../calls/prices";
import { RateLimit } from "../calls/rate-limit";
import { forEachConcurrently } from "../run/for-each-concurrently";
import { callEmbeddingModel, embeddingModelName, maximumReasks } from "./embedding-call";
import type { EmbeddingOptions, EmbeddingSettings } from "./embedding-options";
import type { EmbeddableText, EmbeddingPlan } from "./embedding-plan";
import { RunBudget } from "./run-budget";
import { type BatchLimits, type TextBatch, textBatches } from "./text-batches";

/** What one call takes, and how many at a time, within what the model allows. */
export interface CallLimits extends BatchLimits {
  readonly concurrency: number;
}

export interface EmbeddingRunOptions
  extends Pick<EmbeddingOptions, "store" | "providerOptions" | "secrets" | "signal" | "onProgress"> {
  readonly model: EmbeddingModel;
  readonly settings: EmbeddingSettings;
  readonly limits: CallLimits;
  readonly prices: Prices | undefined;
}

/** The calls that give a plan its embeddings, and what they come to. */
export class EmbeddingRun {
  /** Calls that were answered, re-asked ones included. */
  calls = 0;
  /** As the service counts them; 0 where it does not. */
  tokens = 0;
  /** Texts of which the model saw the beginning alone, where it says so. */
  truncated = 0;
  readonly #plan: EmbeddingPlan;
  readonly #options: EmbeddingRunOptions;
  readonly #limit: RateLimit;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #budget: StoreBudget | RunBudget;
  readonly #started = performance.now();

  constructor(plan: EmbeddingPlan, options: EmbeddingRunOptions) {
    const { settings, prices, store, signal } = options;
    this.#plan = plan;
    this.#options = options;
    this.#limit = new RateLimit(settings);
    this.#signal = signal ? AbortSignal.any([signal, this.#stop.signal]) : this.#stop.signal;
    // Every call in flight listens to it, which is no leak.
    setMaxListeners(0, this.#signal);
    this.#budget = store
      ? new StoreBudget(store, prices, settings.maximumCost, this.#signal)
      : new RunBudget(prices);
  }

  /** In the currency of the prices; 0 without them. */
  get spent(): number {
    return this.#budget.spent;
  }

  /**
   * Embeds what is open, and again what differs in its width from the rest, be it of this run or of the store.
   *
   * @throws ModelCallError
   */
  async complete(): Promise<void> {
    const plan = this.#plan;
    for (let round = 0, open = plan.open(); open.length > 0; round += 1, open = plan.open()) {
      if (round > maximumReasks) {
        const message = `${embeddingModelName(this.#options.model)} gave ${plan.disagreement()}, ${round} times`;
        throw new ModelCallError("unreadable", message);
      }
      await this.#embedAll(open);
    }
  }

  async #embedAll(open: readonly EmbeddableText[]): Promise<void> {
    const { limits, onProgress = () => {} } = this.#options;
    let left = open.length;
    let failure: unknown;
    await forEachConcurrently(textBatches(open, limits), limits.concurrency, this.#signal, async (batch) => {
      try {
        await this.#embed(batch);
        left -= batch.entries.length;
        const { made, total } = this.#plan;
        const perText = (performance.now() - this.#started) / 1000 / made;
        onProgress({ done: total - left, total, secondsLeft: perText * left });
      } catch (error) {
        failure ??= error;
        this.#stop.abort();
      }
    });
    if (failure !== undefined) throw failure;
    if (left > 0) throw interrupted();
  }

  async #embed({ entries, tokens }: TextBatch<EmbeddableText>): Promise<void> {
    const { model, settings, store, providerOptions, secrets = [] } = this.#options;
    const texts = entries.map(({ text }) => text);
    const result = await callEmbeddingModel(
      { model, texts, width: settings.width, providerOptions, budget: this.#budget },
      { ...settings, limit: this.#limit, tokens, secrets, signal: this.#signal },
    );
    const embeddings = entries.map(({ key }, index) => [key, result.embeddings[index]] as const);
    await store?.saveEmbeddings(embeddings);
    this.#plan.take(embeddings);
    this.calls += result.calls;
    this.tokens += result.tokens;
    this.truncated += result.truncated;
  }
}
