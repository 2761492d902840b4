import { setMaxListeners } from "node:events";
import type { EmbeddingModel } from "ai";
import { forEachConcurrently } from "../calls/for-each-concurrently";
import { MemoryLedger } from "../calls/ledger";
import { LedgerBudget } from "../calls/ledger-budget";
import { interrupted, ModelCallError } from "../calls/model-call-error";
import { modelName } from "../calls/model-name";
import type { Prices } from "../calls/prices";
import { RateLimit } from "../calls/rate-limit";
import { callEmbeddingModel, maxReasks } from "./embedding-call";
import type { EmbeddingOptions, EmbeddingSettings } from "./embedding-options";
import type { EmbeddableText, EmbeddingPlan } from "./embedding-plan";
import { type BatchLimits, type TextBatch, textBatches } from "./text-batches";

/** The limits of one call, and of calls at a time, within those of the model. */
export interface CallLimits extends BatchLimits {
  readonly maxParallelCalls: number;
}

export interface EmbeddingRunOptions
  extends Pick<EmbeddingOptions, "store" | "providerOptions" | "secrets" | "abortSignal" | "onProgress"> {
  readonly model: EmbeddingModel;
  readonly settings: EmbeddingSettings;
  readonly limits: CallLimits;
  readonly prices: Prices | undefined;
}

/** The calls that embed the texts of a plan, and their counts. */
export class EmbeddingRun {
  /** Answered calls, including those whose answer did not fit. */
  calls = 0;
  /** Tokens as the service counts them; 0 if it does not. */
  tokens = 0;
  /** Texts that the model truncated, if it reports them. */
  truncated = 0;
  readonly #plan: EmbeddingPlan;
  readonly #options: EmbeddingRunOptions;
  readonly #limit: RateLimit;
  readonly #stop = new AbortController();
  readonly #abortSignal: AbortSignal;
  readonly #budget: LedgerBudget;
  readonly #started = performance.now();

  constructor(plan: EmbeddingPlan, options: EmbeddingRunOptions) {
    const { settings, prices, store, abortSignal } = options;
    this.#plan = plan;
    this.#options = options;
    this.#limit = new RateLimit(settings);
    this.#abortSignal = abortSignal ? AbortSignal.any([abortSignal, this.#stop.signal]) : this.#stop.signal;
    // Every call in flight listens to it, which is no leak.
    setMaxListeners(0, this.#abortSignal);
    this.#budget = new LedgerBudget(store?.ledger ?? new MemoryLedger(), {
      prices,
      maxCost: settings.maxCost,
      abortSignal: this.#abortSignal,
    });
  }

  /** The cost in the currency of the prices; 0 without them. */
  get spent(): number {
    return this.#budget.spent;
  }

  /**
   * Embeds open texts, and again those whose width differs from the rest, of this run or of the store.
   *
   * @throws ModelCallError
   */
  async complete(): Promise<void> {
    const plan = this.#plan;
    for (let round = 0, open = plan.open(); open.length > 0; round += 1, open = plan.open()) {
      if (round > maxReasks) {
        const message = `${modelName(this.#options.model)} gave ${plan.disagreement()}, ${round} times`;
        throw new ModelCallError("unreadable", message);
      }
      await this.#embedAll(open);
    }
  }

  async #embedAll(open: readonly EmbeddableText[]): Promise<void> {
    const { limits, onProgress = () => {} } = this.#options;
    const batches = textBatches(open, limits);
    let left = open.length;
    let failure: unknown;
    await forEachConcurrently(batches, limits.maxParallelCalls, this.#abortSignal, async (batch) => {
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
      { ...settings, limit: this.#limit, tokens, secrets, abortSignal: this.#abortSignal },
    );
    const embeddings = entries.map(({ key }, index) => [key, result.embeddings[index]] as const);
    await store?.embeddings.save(embeddings);
    this.#plan.take(embeddings);
    this.calls += result.calls;
    this.tokens += result.tokens;
    this.truncated += result.truncated;
  }
}
