import type { JSONObject } from "@ai-sdk/provider";
import { z } from "zod";
import type { CallEstimate } from "../calls/call-estimate";
import { type CallOptions, callSchema, isPriced, missingPrices } from "../calls/call-options";
import type { Prices } from "../calls/prices";
import type { ProfileStore } from "../store/profile-store";
import { type MissingPolicy, missingPolicies } from "./missing-rows";

export const embeddingSchema = callSchema
  .omit({ maxReasks: true })
  .extend({
    missing: z.enum(missingPolicies).default("error"),
    width: z.int().positive().optional(),
    prefix: z.string().default(""),
    maxValuesPerCall: z.int().positive().default(96),
    maxTokensPerCall: z.int().positive().default(8000),
    maxParallelCalls: z.int().positive().default(4),
    prices: z
      .strictObject({
        inputPerMillion: z.number().nonnegative(),
        outputPerMillion: z.number().nonnegative().optional(),
      })
      .optional(),
    maxCost: z.number().nonnegative().optional(),
    dryRun: z.boolean().default(false),
  })
  .refine(isPriced, missingPrices);

export type EmbeddingSettings = z.output<typeof embeddingSchema>;

/** The options of a run that embeds profiles. */
export interface EmbeddingOptions extends CallOptions {
  /**
   * The treatment of rows without a text: an error, the mean of the other rows, or the zero vector.
   *
   * @default "error"
   */
  readonly missing?: MissingPolicy | undefined;
  /**
   * The width that the embeddings must have.
   *
   * @default the width of most embeddings
   */
  readonly width?: number | undefined;
  /**
   * A text before each text: the instruction that some models are trained with, such as `passage: `.
   *
   * @default ""
   */
  readonly prefix?: string | undefined;
  /**
   * The most texts in a call; fewer if the model takes no more.
   *
   * @default 96
   */
  readonly maxValuesPerCall?: number | undefined;
  /**
   * The most tokens in a call, estimated. A longer text has a call of its own.
   *
   * @default 8000
   */
  readonly maxTokensPerCall?: number | undefined;
  /**
   * The most calls in flight at a time; one if the model allows no more.
   *
   * @default 4
   */
  readonly maxParallelCalls?: number | undefined;
  /**
   * The prices of the service, in any currency. Embeddings have no replies, so the output price is not used.
   *
   * @default unknown, so that no cost is reported
   */
  readonly prices?: EmbeddingPrices | undefined;
  /**
   * The most that may be spent through the store, including earlier runs. Needs prices and a store.
   *
   * @default no limit
   */
  readonly maxCost?: number | undefined;
  /**
   * Makes no call. The report estimates what is open. The embeddings have rows without columns: do not give them to a
   * model.
   *
   * @default false
   */
  readonly dryRun?: boolean | undefined;
  /**
   * A store for embeddings and their cost, so that a model embeds no text twice, also if runs are interrupted.
   *
   * @default none
   */
  readonly store?: ProfileStore;
  /**
   * Options of the provider, as the AI SDK takes them, e.g. `{ openai: { dimensions: 512 } }`.
   *
   * @default {}
   */
  readonly providerOptions?: Readonly<Record<string, JSONObject>>;
  /**
   * Keys and tokens to keep out of errors, beyond those of the environment.
   *
   * @default []
   */
  readonly secrets?: readonly string[];
  /**
   * Stops the run: no further call begins, and the results of those in flight are kept.
   *
   * @default none
   */
  readonly abortSignal?: AbortSignal;
  /**
   * Called after each call.
   *
   * @default none
   */
  readonly onProgress?: (progress: EmbeddingProgress) => void;
}

/** The prices of a service of embeddings; the same as those of a language model can be passed. */
export interface EmbeddingPrices extends Pick<Prices, "inputPerMillion"> {
  /**
   * Not used.
   *
   * @default none
   */
  readonly outputPerMillion?: number | undefined;
}

export interface EmbeddingProgress {
  /** Distinct texts with an embedding. */
  readonly done: number;
  readonly total: number;
  readonly secondsLeft: number;
}

export interface EmbeddingReport {
  readonly rows: number;
  /** Rows without a text, filled according to `missing`. */
  readonly missing: number;
  /** Distinct texts that were embedded now. */
  readonly embedded: number;
  /** Distinct texts with an embedding in the store. */
  readonly fromStore: number;
  /** Texts embedded now that the model truncated, if it reports them. */
  readonly truncated: number;
  readonly calls: number;
  /** Tokens as the service counts them; 0 if it does not. */
  readonly tokens: number;
  /**
   * The cost of this run, if prices are given. A call without reported tokens, or that failed without an answer, counts as
   * the most that it may have cost.
   */
  readonly cost: number | undefined;
  readonly seconds: number;
  /** An estimate of the calls that are still open, which in a dry run are all. */
  readonly estimate: CallEstimate;
}
